#include "json_memory.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct json_block {
	struct json_block *next;
	struct json_block **link; /* what leads here */
	max_align_t data[];
};

static struct json_block *block_of(void *data)
{
	return (struct json_block *)((char *)data - offsetof(struct json_block, data));
}

static void put_in(struct json_memory *memory, struct json_block *block)
{
	block->next = memory->blocks;
	block->link = &memory->blocks;
	if (block->next)
		block->next->link = &block->next;
	memory->blocks = block;
}

static void take_out(struct json_block *block)
{
	*block->link = block->next;
	if (block->next)
		block->next->link = block->link;
}

static void *resize(void *context, void *data, size_t size)
{
	struct json_memory *memory = context;
	struct json_block *old = data ? block_of(data) : NULL, *block = NULL;
	if (old)
		take_out(old);
	if (size < SIZE_MAX - sizeof *block)
		block = realloc(old, sizeof *block + size);
	if (!block && old)
		put_in(memory, old);
	if (!block && memory->guarded)
		longjmp(memory->out, 1);
	if (!block)
		return NULL;
	put_in(memory, block);
	return block->data;
}

static void *allocate(void *context, size_t size)
{
	return resize(context, NULL, size);
}

static void release(void *context, void *data)
{
	(void)context;
	if (!data)
		return;
	take_out(block_of(data));
	free(block_of(data));
}

yajl_alloc_funcs json_memory_functions(struct json_memory *memory)
{
	return (yajl_alloc_funcs){
		.malloc = allocate, .realloc = resize, .free = release, .ctx = memory};
}

void json_memory_free(struct json_memory *memory)
{
	while (memory->blocks) {
		struct json_block *block = memory->blocks;
		take_out(block);
		free(block);
	}
}
