#include "casefile/source.h"

#include "case_private.h"

void source_cache_free(struct source_cache *cache)
{
	(void)cache;
}
