/*
 * key.h - which futex an address means.
 *
 * A private futex is known by its address within a process; one in shared
 * memory by the thing that is mapped and the offset into it.
 */
#ifndef MODEL_KEY_H
#define MODEL_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "model/kernel.h"

/* Source:  FutexKeyMode. */
enum futex_key_mode {
	FUTEX_KEY_PRIVATE, /* always the private table */
	FUTEX_KEY_AUTO, /* ask the area; private if it is not shared */
};

/* Source:  FutexKey. */
struct futex_key {
	uint64_t value; /* private: address and a bit; shared: offset */
	struct kidentity *region; /* weak reference; NULL: private */
};

/*
 * The key of @address in the calling task's address space, whose mutex is
 * held.  Owner: to be dropped.  Source: FutexKey::new.
 */
struct futex_key futex_key_new(uint64_t address, enum futex_key_mode mode);

/* Takes the address-space mutex, in every mode; may sleep. */
struct futex_key futex_key_new_current(uint64_t address,
				       enum futex_key_mode mode);

/*
 * For a thread that ends: only tries the mutex, and if it is busy gives a
 * private key.  Source: FutexKey::new_current_teardown.
 */
struct futex_key futex_key_new_current_teardown(uint64_t address);

/* What a system call is going to do with a word. */
enum futex_access {
	FUTEX_READ,
	FUTEX_WRITE,
};

/*
 * The key of @address for a system call.  Linux makes a shared key only of
 * memory that it can get at, and takes no lock for a private one.
 *
 * Owner:   @key is to be dropped if the result is 0.
 * Errors:  -EFAULT.
 * Source:  futex_key_new_current of the seed; get_futex_key() of Linux.
 */
int futex_key_get(uint64_t address, enum futex_key_mode mode,
		  enum futex_access access, struct futex_key *key);

void futex_key_drop(struct futex_key *key);

/* The key within its table.  Source: FutexKey::as_usize. */
uint64_t futex_key_as_usize(const struct futex_key *key);

#endif
