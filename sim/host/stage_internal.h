/*
 * stage_internal.h - what the parts of the stage share.
 *
 * Whatever returns false has said in the report what is wrong.
 */
#ifndef SIM_HOST_STAGE_INTERNAL_H
#define SIM_HOST_STAGE_INTERNAL_H

#include "sim/host/stage.h"

/* This machine does not let us; or no machine can.  Each returns false. */
__attribute__((format(printf, 2, 3))) bool
stage_unable(struct stage *stage, const char *format, ...);
__attribute__((format(printf, 2, 3))) bool
stage_refuse(struct stage *stage, const char *format, ...);

/* ---- agents (stage_agents.c) --------------------------------------------- */

bool stage_make_blocks(struct stage *stage);
bool stage_make_warden(struct stage *stage);
struct agent_block *stage_warden(const struct stage *stage);
/* For a process that has no thread. */
struct agent_block *stage_spare(const struct stage *stage, uint32_t process);

/* How a thread is made: flags of clone3(2), and then its numbers. */
void stage_set_up(struct agent_block *b, uint64_t flags);
void stage_number(const struct stage *stage, struct agent_block *b,
		  uint32_t process, uint32_t thread);
/* Let @maker make @child, and wait until it is there. */
bool stage_spawn(struct stage *stage, struct agent_block *maker,
		 struct agent_block *child);
bool stage_await_birth(struct stage *stage, struct agent_block *b);
/* Let an agent end, and wait until it has. */
bool stage_end(struct stage *stage, struct agent_block *b);

/* ---- memory (stage_memory.c) --------------------------------------------- */

/* The lowest address that this program has something at. */
uint64_t stage_ceiling(void);
/* Memory that is not private. */
bool stage_make_files(struct stage *stage);
/* The maps of a process, in its own address space. */
bool stage_make_maps(struct stage *stage, uint32_t process);

#endif
