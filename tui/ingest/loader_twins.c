/* Events that an earlier source of the same format gave already. */
#include "loader_private.h"

bool loader_find_twin(
	struct loader *loader, const struct draft *draft, int64_t *id, struct error *error)
{
	enum twin what = TWIN_NONE;
	*id = 0;
	if (!draft->natural || !loader->file)
		return true;
	if (!loader->twins_asked &&
		!twins_open(loader->file, loader->writer, span_string(loader->result->format),
			&loader->twins, error))
		return false;
	loader->twins_asked = true;
	if (loader->twins && !twins_find(loader->twins, draft, &what, id, error))
		return false;
	loader->told_otherwise += what == TWIN_OTHERWISE;
	loader->crowded += what == TWIN_CROWDED;
	if (what != TWIN_SAME)
		*id = 0;
	return true;
}

void loader_note_twins(struct loader *loader)
{
	if (loader->told_otherwise > 0)
		loader_note(loader,
			"events with the time and the id of one that is there, in other words: "
			"%lld, each an event of its own",
			(long long)loader->told_otherwise);
	if (loader->crowded > 0)
		loader_note(loader,
			"events that were not held against those that are there, since too many "
			"are of one time: %lld",
			(long long)loader->crowded);
}
