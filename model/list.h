/*
 * list.h - a doubly linked list with a sentinel, for structs that begin with
 * their node.
 */
#ifndef MODEL_LIST_H
#define MODEL_LIST_H

#include <stdbool.h>

struct list {
	struct list *next;
	struct list *prev;
};

static inline void list_init(struct list *l)
{
	l->next = l;
	l->prev = l;
}

static inline bool list_is_empty(const struct list *l)
{
	return l->next == l;
}

static inline void list_push_back(struct list *l, struct list *node)
{
	node->prev = l->prev;
	node->next = l;
	l->prev->next = node;
	l->prev = node;
}

static inline void list_remove(struct list *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	list_init(node);
}

/* The oldest node, taken off; NULL if there is none. */
static inline void *list_pop_front(struct list *l)
{
	struct list *node = l->next;

	if (node == l)
		return 0;
	list_remove(node);
	return node;
}

/* The node must be the first member of the struct that @pos points to. */
#define list_each(pos, l)                                                      \
	for ((pos) = (void *)(l)->next; (void *)(pos) != (void *)(l);          \
	     (pos) = (void *)(pos)->node.next)

/* As list_each, and @pos may be removed; @n is scratch. */
#define list_each_safe(pos, n, l)                                              \
	for ((pos) = (void *)(l)->next, (n) = (void *)(pos)->node.next;        \
	     (void *)(pos) != (void *)(l);                                     \
	     (pos) = (n), (n) = (void *)(pos)->node.next)

#endif
