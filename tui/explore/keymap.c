#include "explore/commands.h"

#include <string.h>

/* Whether typed keys are a whole alternative, or the beginning of one: 2, 1, 0. */
static int fits(struct span alternative, const key_code *keys, int count)
{
	size_t at = 0;
	for (int i = 0; i < count; i++) {
		key_code key;
		if (at >= alternative.length || !key_parse(alternative, &at, &key) ||
			key != keys[i])
			return 0;
	}
	return at == alternative.length ? 2 : 1;
}

static int fits_any(const char *alternatives, const key_code *keys, int count)
{
	int best = 0;
	struct span rest = span_string(alternatives);
	while (rest.length > 0) {
		const char *blank = memchr(rest.data, ' ', rest.length);
		size_t length = blank ? (size_t)(blank - rest.data) : rest.length;
		int fit = fits(span_of(rest.data, length), keys, count);
		if (fit > best)
			best = fit;
		rest = span_slice(rest, length + 1, rest.length);
	}
	return best;
}

enum keymap_result keymap_look_up(
	const key_code *keys, int count, unsigned where, const struct command **command)
{
	int commands;
	const struct command *table = command_table(&commands);
	enum keymap_result result = KEYMAP_UNKNOWN;
	for (int i = 0; i < commands; i++) {
		if (!(table[i].where & where))
			continue;
		int fit = fits_any(table[i].keys, keys, count);
		if (fit == 2) {
			*command = &table[i];
			return KEYMAP_RUN;
		}
		if (fit == 1)
			result = KEYMAP_PREFIX;
	}
	return result;
}
