/* key.c - address and mode to key. */
#include "model/key.h"

#include <errno.h>
#include <stddef.h>

#include "model/quirks.h"

/* TASK_SIZE_MAX of x86-64; access_ok() lets it pass and nothing above it. */
#define USER_END UINT64_C(0x7ffffffff000)

/*
 * Set in the keys of calls with the private flag, which never meet those of
 * calls without it.  Linux marks the others; it makes no difference.
 */
#define KEY_IS_PRIVATE 1u

/* What a shared area is known by: its pages, or a handle for each mmap. */
static struct kidentity *area_identity(const struct karea *area)
{
	/*
	 * Two mmaps of one file have two handles and never meet; Linux knows
	 * the file: scenarios/keys/file-key-per-mapping.yaml.
	 */
	if (area->kind == KAREA_FILE && quirk(QUIRK_FILE_KEY_PER_MAPPING))
		return area->handle;
	return area->pages;
}

/*
 * The offset that a shared key uses.  Counted from the start of the area it
 * changes when the area is split, and differs between two views of one page:
 * scenarios/keys/key-from-area-start.yaml.
 */
static uint64_t area_offset(const struct karea *area, uint64_t address)
{
	uint64_t offset = address - area->start;

	if (!quirk(QUIRK_KEY_FROM_AREA_START))
		offset += area->offset;
	return offset;
}

struct futex_key futex_key_new(uint64_t address, enum futex_key_mode mode)
{
	struct futex_key key = {.value = address};
	struct karea area;

	/* scenarios/keys/private-flag-on-private-memory.yaml */
	if (mode == FUTEX_KEY_PRIVATE && !quirk(QUIRK_PRIVATE_MEETS_SHARED))
		key.value |= KEY_IS_PRIVATE;
	if (mode == FUTEX_KEY_AUTO && kaspace_find_area(address, &area) &&
	    area.kind != KAREA_PRIVATE) {
		key.value = area_offset(&area, address);
		key.region = kidentity_get_weak(area_identity(&area));
	}
	knote_key(address, key.value, key.region, mode == FUTEX_KEY_PRIVATE);
	return key;
}

struct futex_key futex_key_new_current(uint64_t address,
				       enum futex_key_mode mode)
{
	struct futex_key key;

	kaspace_lock();
	key = futex_key_new(address, mode);
	kaspace_unlock();
	return key;
}

struct futex_key futex_key_new_current_teardown(uint64_t address)
{
	struct futex_key key = {.value = address};

	/*
	 * Linux waits for its lock.  Giving up wakes in the wrong table:
	 * scenarios/exit/teardown-try-lock.yaml.
	 */
	if (!quirk(QUIRK_TEARDOWN_TRY_LOCK)) {
		return futex_key_new_current(address, FUTEX_KEY_AUTO);
	}
	if (!kaspace_trylock()) {
		knote_key(address, key.value, NULL, false);
		return key;
	}
	key = futex_key_new(address, FUTEX_KEY_AUTO);
	kaspace_unlock();
	return key;
}

/*
 * Nobody unmaps an address: the lock would only keep the caller waiting for
 * whoever maps something else, scenarios/keys/private-key-needs-no-lock.yaml.
 */
static struct futex_key private_key(uint64_t address)
{
	if (quirk(QUIRK_PRIVATE_KEY_LOCKS_ASPACE))
		return futex_key_new_current(address, FUTEX_KEY_PRIVATE);
	return futex_key_new(address, FUTEX_KEY_PRIVATE);
}

/*
 * Memory that the caller alone can see and nobody can write never changes, and
 * so is no futex: scenarios/keys/read-only-memory.yaml.  Called with the
 * address-space mutex held.
 */
static int check_area(uint64_t address, enum futex_access access)
{
	struct karea area;

	if (!kaspace_find_area(address, &area) || area.is_hidden)
		return -EFAULT;
	if (area.is_read_only &&
	    (access == FUTEX_WRITE || area.kind == KAREA_PRIVATE))
		return -EFAULT;
	return 0;
}

int futex_key_get(uint64_t address, enum futex_key_mode mode,
		  enum futex_access access, struct futex_key *key)
{
	bool is_any = quirk(QUIRK_KEYS_OF_ANY_ADDRESS);
	int error;

	if (!is_any && address > USER_END)
		return -EFAULT;
	if (mode == FUTEX_KEY_PRIVATE) {
		*key = private_key(address);
		return 0;
	}
	kaspace_lock();
	error = is_any ? 0 : check_area(address, access);
	if (!error)
		*key = futex_key_new(address, mode);
	kaspace_unlock();
	return error;
}

void futex_key_drop(struct futex_key *key)
{
	if (key->region)
		kidentity_put_weak(key->region);
	key->region = NULL;
}

uint64_t futex_key_as_usize(const struct futex_key *key)
{
	return key->value;
}
