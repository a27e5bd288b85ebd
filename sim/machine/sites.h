/*
 * sites.h - every call of a scheduling point in the model; the linker gathers
 * them.
 */
#ifndef SIM_MACHINE_SITES_H
#define SIM_MACHINE_SITES_H

#include "model/kernel.h"

unsigned int site_count(void);
/* From 0, in no order that means anything. */
unsigned int site_number(const struct ksite *site);

/* All of them by file and line.  Owner: the caller frees the array. */
const struct ksite **sites_by_place(void);

#endif
