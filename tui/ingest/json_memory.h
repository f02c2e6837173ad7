/*
 * ingest/json_memory.h: memory for yajl, which goes on where none was left.
 *
 * yajl does not look at what its allocations return and would write to NULL. Ours never return it
 * to a call that stands under setjmp(memory.out): they leave that call, and all that yajl held is
 * freed at the end.
 *
 *	memory.guarded = true;
 *	if (setjmp(memory.out) == 0)
 *		status = yajl_parse(...);
 *	else
 *		(there is no memory; the handle is of no use any more)
 *	memory.guarded = false;
 */
#ifndef INGEST_JSON_MEMORY_H
#define INGEST_JSON_MEMORY_H

#include <setjmp.h>
#include <stdbool.h>
#include <yajl/yajl_parse.h>

struct json_memory {
	struct json_block *blocks; /* all that was not freed */
	jmp_buf out;
	bool guarded; /* else a failure is returned */
};

/* For yajl_alloc; memory stays in its place. */
yajl_alloc_funcs json_memory_functions(struct json_memory *memory);
/* Frees whatever is left, handles too. */
void json_memory_free(struct json_memory *memory);

#endif
