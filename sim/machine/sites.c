/* sites.c - the section of the binary that holds all sites. */
#include "sim/machine/sites.h"

#include <stdlib.h>
#include <string.h>

extern const struct ksite __start_ksites[];
extern const struct ksite __stop_ksites[];

unsigned int site_count(void)
{
	return (unsigned int)(__stop_ksites - __start_ksites);
}

unsigned int site_number(const struct ksite *site)
{
	return (unsigned int)(site - __start_ksites);
}

static int by_place(const void *a, const void *b)
{
	const struct ksite *x = *(const struct ksite *const *)a;
	const struct ksite *y = *(const struct ksite *const *)b;
	int order = strcmp(x->file, y->file);

	if (!order)
		order = x->line - y->line;
	return order ? order : x < y ? -1 : x > y;
}

const struct ksite **sites_by_place(void)
{
	unsigned int i, count = site_count();
	const struct ksite **sites = calloc(count + 1, sizeof(*sites));

	if (!sites)
		abort();
	for (i = 0; i < count; i++)
		sites[i] = &__start_ksites[i];
	qsort(sites, count, sizeof(*sites), by_place);
	return sites;
}
