/*
 * stage_memory.c - the memory of a scenario: files for what is shared, mappings
 * in each process, and looking at words.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sim/host/stage_internal.h"

#define HOST_USER_END (UINT64_C(1) << 47)

/* ---- what calls and programs may touch ----------------------------------- */

uint64_t stage_ceiling(void)
{
	FILE *in = fopen("/proc/self/maps", "r");
	uint64_t lowest = 0;

	if (in) {
		if (fscanf(in, "%" SCNx64, &lowest) != 1)
			lowest = 0;
		fclose(in);
	}
	return lowest;
}

bool stage_is_free(const struct stage *stage, uint64_t addr, uint64_t len)
{
	uint64_t end;

	if (__builtin_add_overflow(addr, len, &end))
		end = UINT64_MAX;
	return end <= stage->ceiling || addr >= HOST_USER_END;
}

/* ---- memory -------------------------------------------------------------- */

static bool make_file(struct stage *stage, uint32_t region)
{
	const struct scenario *s = stage->scenario;
	const struct scenario_region *r = &s->regions[region];
	const struct scenario_word *word;
	uint32_t i;
	int fd;

	fd = memfd_create(r->name, MFD_CLOEXEC);
	if (fd < 0)
		return stage_unable(stage, "no shared memory can be made: %s",
				    strerror(errno));
	stage->files[region] = fd;
	if (ftruncate(fd, (off_t)r->pages * PAGE_SIZE))
		return stage_unable(stage, "no shared memory can be made: %s",
				    strerror(errno));
	for (i = 0; i < s->word_count; i++) {
		word = &s->words[i];
		if (word->region == region && word->value &&
		    pwrite(fd, &word->value, 4, (off_t)word->offset) != 4)
			return stage_unable(stage,
					    "shared memory cannot be filled");
	}
	return true;
}

bool stage_make_files(struct stage *stage)
{
	const struct scenario *s = stage->scenario;
	uint32_t i;

	stage->files = calloc(s->region_count + 1, sizeof(*stage->files));
	stage->is_replaced =
		calloc(s->region_count + 1, sizeof(*stage->is_replaced));
	if (!stage->files || !stage->is_replaced)
		abort();
	for (i = 0; i < s->region_count; i++)
		stage->files[i] = -1;
	for (i = 0; i < s->region_count; i++) {
		if (s->regions[i].kind != REGION_PRIVATE &&
		    !make_file(stage, i))
			return false;
	}
	return true;
}

static int open_memory(const struct agent_block *b, int flags)
{
	char path[AGENT_PLACE_MAX + 16];

	snprintf(path, sizeof(path), "/proc/%s/mem", b->place);
	return open(path, flags | O_CLOEXEC);
}

bool stage_write(struct stage *stage, const struct agent_block *b,
		 const struct beat_value *values, uint32_t count)
{
	bool is_good = true;
	uint32_t i;
	int fd;

	if (!count)
		return true;
	fd = open_memory(b, O_RDWR);
	for (i = 0; i < count; i++)
		is_good = is_good && pwrite(fd, &values[i].value, 4,
					    (off_t)values[i].address) == 4;
	if (fd >= 0)
		close(fd);
	return is_good || stage_unable(stage, "memory cannot be filled");
}

/* Named words of a private region have their values from the start. */
static bool fill(struct stage *stage, const struct agent_block *b,
		 const struct scenario_map *map)
{
	const struct scenario *s = stage->scenario;
	uint64_t size = (uint64_t)map->pages * PAGE_SIZE;
	const struct scenario_word *word;
	struct beat_value value;
	bool is_good = true;
	uint32_t i;

	if (s->regions[map->region].kind != REGION_PRIVATE)
		return true;
	for (i = 0; i < s->word_count; i++) {
		word = &s->words[i];
		if (word->region != map->region || !word->value ||
		    word->offset < map->offset ||
		    word->offset - map->offset >= size)
			continue;
		value.address = map->at + word->offset - map->offset;
		value.value = word->value;
		is_good = is_good && stage_write(stage, b, &value, 1);
	}
	return is_good;
}

static int protection(uint32_t prot)
{
	return (prot & PROT_R ? PROT_READ : 0) |
	       (prot & PROT_W ? PROT_WRITE : 0);
}

static bool make_map(struct stage *stage, struct agent_block *b,
		     const struct scenario_map *map)
{
	bool is_private =
		stage->scenario->regions[map->region].kind == REGION_PRIVATE;
	uint64_t size = (uint64_t)map->pages * PAGE_SIZE;
	uint64_t args[AGENT_ARGS] = {map->at, size, PROT_READ | PROT_WRITE};
	long result;

	if (!stage_is_free(stage, map->at, size))
		return stage_refuse(
			stage, "0x%" PRIx64 " is this program's own", map->at);
	args[3] = MAP_FIXED_NOREPLACE |
		  (is_private ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED);
	args[4] = (uint64_t)(int64_t)stage->files[map->region];
	args[5] = is_private ? 0 : map->offset;
	result = stage_call(stage, b, SYS_mmap, args);
	if (result == -EPERM || result == -EACCES)
		return stage_unable(stage,
				    "nothing may be mapped at 0x%" PRIx64
				    " (see vm.mmap_min_addr)",
				    map->at);
	if (result != (long)map->at)
		return stage_refuse(stage, "0x%" PRIx64 " cannot be mapped: %s",
				    map->at, strerror((int)-result));
	if (!fill(stage, b, map))
		return false;
	args[2] = (uint64_t)protection(map->prot);
	if (map->prot != (PROT_R | PROT_W) &&
	    stage_call(stage, b, SYS_mprotect, args) != 0)
		return stage_unable(stage, "memory cannot be protected");
	return true;
}

/* The region that `words:` are in has a map that no list holds. */
static bool map_words(struct stage *stage, struct agent_block *b)
{
	const struct scenario *s = stage->scenario;
	struct scenario_map map = {.at = WORDS_BASE, .prot = PROT_R | PROT_W};
	uint32_t i;

	for (i = 0; i < s->word_count; i++) {
		if (!s->words[i].is_short)
			continue;
		map.region = s->words[i].region;
		map.pages = s->regions[map.region].pages;
		return make_map(stage, b, &map);
	}
	return true;
}

/* One page of private memory has one address here. */
static bool is_seen_twice(const struct scenario *s, uint32_t index)
{
	const struct scenario_map *a = &s->maps[index], *b;
	uint32_t i;

	for (i = 0; i < index; i++) {
		b = &s->maps[i];
		if (s->regions[a->region].kind == REGION_PRIVATE &&
		    a->region == b->region && a->process == b->process &&
		    a->offset < b->offset + (uint64_t)b->pages * PAGE_SIZE &&
		    b->offset < a->offset + (uint64_t)a->pages * PAGE_SIZE)
			return true;
	}
	return false;
}

bool stage_make_maps(struct stage *stage, uint32_t process)
{
	const struct scenario *s = stage->scenario;
	struct agent_block *b = stage->leaders[process];
	uint32_t i;

	if (process == 0 && !map_words(stage, b))
		return false;
	for (i = 0; i < s->map_count; i++) {
		if (s->maps[i].process != process)
			continue;
		if (is_seen_twice(s, i))
			return stage_refuse(
				stage,
				"private memory is mapped twice in one "
				"address space (line %d)",
				s->maps[i].mark.line);
		if (!make_map(stage, b, &s->maps[i]))
			return false;
	}
	return true;
}

/* ---- words --------------------------------------------------------------- */

/* A living thread in the address space of @process, or NULL. */
static struct agent_block *witness(const struct stage *stage, uint32_t process)
{
	const struct scenario *s = stage->scenario;
	struct agent_block *b;
	uint32_t i, p;

	for (i = 0; i < s->thread_count; i++) {
		p = s->threads[i].process;
		if (p != process &&
		    s->processes[p].shares_memory_with != process)
			continue;
		b = stage_agent(stage, i);
		if (b->place[0] && !agent_is_gone(b))
			return b;
	}
	b = stage->leaders[process];
	return !b || agent_is_gone(b) ? NULL : b;
}

static bool read_private(const struct stage *stage,
			 const struct beat_word *word, uint32_t *value)
{
	struct agent_block *b;
	bool is_read;
	int fd;

	if (word->process == NOWHERE || !stage_is_free(stage, word->address, 4))
		return false;
	b = witness(stage, word->process);
	fd = b ? open_memory(b, O_RDONLY) : -1;
	if (fd < 0)
		return false;
	is_read = pread(fd, value, 4, (off_t)word->address) == 4;
	close(fd);
	return is_read;
}

bool stage_read(const struct stage *stage, const struct beat_word *word,
		uint32_t *value)
{
	const struct scenario_word *w = &stage->scenario->words[word->word];
	int fd = stage->files[w->region];

	if (stage->is_replaced[w->region])
		return false;
	if (fd < 0)
		return read_private(stage, word, value);
	return pread(fd, value, 4, (off_t)w->offset) == 4;
}
