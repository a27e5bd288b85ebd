/*
 * snapshot.h - the machine as it stood between two steps, to go on from there
 * without running what came before.
 *
 * A snapshot is the struct sim, its objects, what the arena holds, and of each
 * thread that is in the middle of something the part of its stack in use.
 * All of it goes back to the addresses that it came from.  Pages of user memory
 * are left out: what runs write there is noted, and undone.
 *
 * Snapshots form a stack: restoring one forgets those taken after it.
 */
#ifndef SIM_MACHINE_SNAPSHOT_H
#define SIM_MACHINE_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim;
struct snapshot;

struct snapshot_part {
	size_t offset; /* into the first chunk of the arena */
	size_t size;
};

/* Eight bytes of user memory and what was there. */
struct snapshot_write {
	unsigned char *bytes;
	uint64_t old;
};

struct snapshots {
	struct snapshot *items;
	uint32_t count;
	uint32_t room; /* that have buffers */
	struct snapshot_part *parts; /* of the arena, between its pages */
	uint32_t part_count;
	struct snapshot_write *writes;
	uint32_t write_count;
	uint32_t write_room;
};

/*
 * Take one.  The first is taken when @sim has been started and has made no
 * step.  Returns false if the machine is too big for it to be worth it.
 */
bool snapshot_take(struct sim *sim);
/* Back to the @index-th, from 0, which stays. */
void snapshot_restore(struct sim *sim, uint32_t index);
void snapshots_fini(struct sim *sim);

/* @bytes of user memory are about to change. */
void snapshot_note(struct sim *sim, unsigned char *bytes);

#endif
