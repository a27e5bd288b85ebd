/*
 * syscall_thread.c - the calls that tell the kernel what to do for a thread
 * when it ends.
 */
#include <errno.h>
#include <stddef.h>

#include "model/futex.h"

void futex_thread_init(struct futex_thread *thread)
{
	katomic_init(&thread->robust_list_head, KOBJECT_ROBUST, 0);
	katomic_init(&thread->clear_child_tid, KOBJECT_CTID, 0);
}

long sys_set_robust_list(uint64_t head, uint64_t len)
{
	struct futex_thread *self = kthread(0);

	if (len != ROBUST_LIST_HEAD_SIZE)
		return -EINVAL;
	katomic_store(&self->robust_list_head, head);
	return 0;
}

long sys_get_robust_list(uint32_t tid, uint64_t head_ptr, uint64_t len_ptr)
{
	struct futex_thread *thread = kthread(tid);
	uint64_t head;
	int error;

	if (!thread)
		return -ESRCH;
	head = katomic_load(&thread->robust_list_head);
	/* scenarios/syscall/robust-list-length-first.yaml */
	if (quirk(QUIRK_ROBUST_LIST_HEAD_BEFORE_LENGTH)) {
		error = kuser_write64(head_ptr, head);
		if (error)
			return error;
		return kuser_write64(len_ptr, ROBUST_LIST_HEAD_SIZE);
	}
	error = kuser_write64(len_ptr, ROBUST_LIST_HEAD_SIZE);
	if (error)
		return error;
	return kuser_write64(head_ptr, head);
}

long sys_set_tid_address(uint64_t ptr)
{
	struct futex_thread *self = kthread(0);

	katomic_store(&self->clear_child_tid, ptr);
	return (long)kthread_tid();
}
