/* fiber.c - switching stacks. */
#define _GNU_SOURCE
#include "sim/machine/fiber.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sim/machine/asan.h"

#ifdef HAS_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#define HAS_VALGRIND 1
#endif
#endif

/* Boost.Context's C ABI (boost/context/detail/fcontext.hpp). */
struct fcontext_transfer {
	void *context;
	void *data;
};

extern struct fcontext_transfer jump_fcontext(void *to, void *data);
extern void *make_fcontext(void *top, size_t size,
			   void (*entry)(struct fcontext_transfer));

/* The scheduler's side; there is one scheduler in a process. */
static void *scheduler_context;
#ifdef HAS_ASAN
static void *scheduler_fake_stack;
static const void *scheduler_stack;
static size_t scheduler_stack_size;
#endif

static char *stack_map(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *base = mmap(NULL, FIBER_STACK_SIZE + page, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (base == MAP_FAILED)
		return NULL;
	if (mprotect(base, page, PROT_NONE)) {
		munmap(base, FIBER_STACK_SIZE + page);
		return NULL;
	}
#ifdef HAS_VALGRIND
	VALGRIND_STACK_REGISTER(base + page, base + page + FIBER_STACK_SIZE);
#endif
	return base + page;
}

char *fiber_pool_stack(struct fiber_pool *pool, unsigned int index)
{
	char **stacks;
	unsigned int count;

	if (index >= pool->count) {
		count = pool->count ? pool->count * 2 : 16;
		while (count <= index)
			count *= 2;
		stacks = realloc(pool->stacks, count * sizeof(*stacks));
		if (!stacks)
			return NULL;
		pool->stacks = stacks;
		pool->count = count;
	}
	while (pool->used <= index) {
		pool->stacks[pool->used] = stack_map();
		if (!pool->stacks[pool->used])
			return NULL;
		pool->used++;
	}
	return pool->stacks[index];
}

void fiber_pool_fini(struct fiber_pool *pool)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned int i;

	for (i = 0; i < pool->used; i++) {
#ifdef HAS_ASAN
		/* Who gets these addresses next knows nothing of frames. */
		ASAN_UNPOISON_MEMORY_REGION(pool->stacks[i], FIBER_STACK_SIZE);
#endif
		munmap(pool->stacks[i] - page, FIBER_STACK_SIZE + page);
	}
	free(pool->stacks);
	*pool = (struct fiber_pool){0};
}

static void fiber_main(struct fcontext_transfer from)
{
	struct fiber *f = from.data;

	scheduler_context = from.context;
#ifdef HAS_ASAN
	__sanitizer_finish_switch_fiber(NULL, &scheduler_stack,
					&scheduler_stack_size);
#endif
	f->entry(f->arg);
	abort();
}

void fiber_init(struct fiber *f, char *stack, void (*entry)(void *arg),
		void *arg)
{
#ifdef HAS_ASAN
	/* A run that was abandoned has left its frames poisoned. */
	ASAN_UNPOISON_MEMORY_REGION(stack, FIBER_STACK_SIZE);
#endif
	f->stack = stack;
	f->fake_stack = NULL;
	f->entry = entry;
	f->arg = arg;
	f->context = make_fcontext(stack + FIBER_STACK_SIZE, FIBER_STACK_SIZE,
				   fiber_main);
}

bool fiber_can_be_copied(void)
{
#ifdef HAS_ASAN
	return false;
#elif defined(HAS_VALGRIND)
	static int is_on_valgrind = -1;

	if (is_on_valgrind < 0)
		is_on_valgrind = RUNNING_ON_VALGRIND != 0;
	return !is_on_valgrind;
#else
	return true;
#endif
}

void fiber_enter(struct fiber *f)
{
#ifdef HAS_ASAN
	__sanitizer_start_switch_fiber(&scheduler_fake_stack, f->stack,
				       FIBER_STACK_SIZE);
#endif
	f->context = jump_fcontext(f->context, f).context;
#ifdef HAS_ASAN
	__sanitizer_finish_switch_fiber(scheduler_fake_stack, NULL, NULL);
#endif
}

void fiber_leave(struct fiber *f)
{
#ifdef HAS_ASAN
	__sanitizer_start_switch_fiber(&f->fake_stack, scheduler_stack,
				       scheduler_stack_size);
#endif
	scheduler_context = jump_fcontext(scheduler_context, NULL).context;
#ifdef HAS_ASAN
	__sanitizer_finish_switch_fiber(f->fake_stack, &scheduler_stack,
					&scheduler_stack_size);
#else
	(void)f;
#endif
}

_Noreturn void fiber_finish(struct fiber *f)
{
#ifdef HAS_ASAN
	/* NULL: the fake stack is not needed again. */
	__sanitizer_start_switch_fiber(NULL, scheduler_stack,
				       scheduler_stack_size);
#endif
	jump_fcontext(scheduler_context, NULL);
	(void)f;
	abort();
}
