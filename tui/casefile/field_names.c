#include "field_names.h"

#include "base/memory.h"
#include "casefile/statement.h"

#include <stdlib.h>

/* More names than inputs have columns; a hostile case may claim any. */
#define MOST_FIELD_NAMES 1000000

static bool add_name(struct field_names *names, size_t number, struct span name)
{
	struct field_name *items =
		memory_grow(names->items, &names->capacity, number + 1, sizeof *items);
	char *copy = memory_copy(name.data, name.length);
	if (items)
		names->items = items;
	if (!items || !copy) {
		free(copy);
		return false;
	}
	for (; names->count <= number; names->count++)
		items[names->count] = (struct field_name){0};
	free(items[number].name);
	items[number] = (struct field_name){.name = copy, .length = name.length};
	return true;
}

bool field_names_load(const struct case_file *file, struct field_names *names, struct error *error)
{
	struct statement *select = statement_open(file, QUERY_FIELD_NAME_LIST, error);
	if (!select)
		return false;
	enum statement_result result;
	bool added = true;
	field_names_free(names);
	while (added && (result = statement_step(select, error)) == STATEMENT_ROW) {
		int64_t number = statement_int(select, 0);
		if (number >= 0 && number <= MOST_FIELD_NAMES)
			added = add_name(names, (size_t)number, statement_text(select, 1)) ||
				error_memory(error);
	}
	statement_close(select);
	return added && result == STATEMENT_DONE;
}

void field_names_free(struct field_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i].name);
	free(names->items);
	*names = (struct field_names){0};
}
