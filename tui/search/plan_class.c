/* Sets of characters: exact for ASCII, and as exact as it pays beyond. What can't be told is taken
 * to be in the set. */
#include "plan_private.h"

void plan_class_add(struct plan_class *set, uint32_t code)
{
	if (code < 0x80) {
		set->ascii[code / 64] |= UINT64_C(1) << (code % 64);
		return;
	}
	for (size_t i = 0; i < set->code_count; i++)
		if (set->codes[i] == code)
			return;
	if (set->code_count < ARRAY_LENGTH(set->codes))
		set->codes[set->code_count++] = code;
	else
		set->wide = true;
}

bool plan_class_has(const struct plan_class *set, uint32_t code)
{
	return set->ascii[code / 64] >> (code % 64) & 1;
}

void plan_class_add_range(struct plan_class *set, uint32_t first, uint32_t last)
{
	for (uint32_t code = first; code <= last && code < 0x80; code++)
		plan_class_add(set, code);
	if (last < 0x80)
		return;
	first = first < 0x80 ? 0x80 : first;
	if (last - first >= ARRAY_LENGTH(set->codes))
		set->wide = true;
	for (uint32_t code = first; !set->wide && code <= last; code++)
		plan_class_add(set, code);
}

static void add_all(struct plan_class *set)
{
	plan_class_add_range(set, 0, 0x10ffff);
}

void plan_class_negate(struct plan_class *set)
{
	*set = (struct plan_class){
		.ascii = {~set->ascii[0], ~set->ascii[1]}, .wide = true, .rough = set->rough};
	if (set->rough)
		add_all(set);
}

void plan_class_add_unknown(struct plan_class *set)
{
	add_all(set);
	set->rough = true;
}

void plan_class_add_class(struct plan_class *set, const struct plan_class *more)
{
	set->ascii[0] |= more->ascii[0];
	set->ascii[1] |= more->ascii[1];
	set->wide |= more->wide;
	set->rough |= more->rough;
}

static void add_text(struct plan_class *set, const char *ranges)
{
	for (; *ranges; ranges += 2)
		plan_class_add_range(set, (uint8_t)ranges[0], (uint8_t)ranges[1]);
}

struct named {
	const char *name;
	const char *ranges; /* first, last, first, last; in ASCII */
};

/* Exact for ASCII, since a set may be negated. With UCP nearly all of them have members beyond it;
 * that is assumed of all. */
static bool add_named(
	struct plan_class *set, const struct named *names, size_t count, struct span name)
{
	for (size_t i = 0; i < count; i++) {
		if (!span_is(name, names[i].name))
			continue;
		add_text(set, names[i].ranges);
		set->wide = true;
		return true;
	}
	return false;
}

bool plan_class_add_escape(struct plan_class *set, char letter)
{
	static const struct named names[] = {
		{"d", "09"},
		{"w", "09AZaz__"},
		{"s", "\t\r  "},
		{"h", "\t\t  "},
		{"v", "\n\r"},
	};
	char lower = (char)plan_fold((uint8_t)letter);
	struct plan_class found = {0};
	if (!add_named(&found, names, ARRAY_LENGTH(names), span_of(&lower, 1)))
		return false;
	if (lower != letter)
		plan_class_negate(&found);
	plan_class_add_class(set, &found);
	return true;
}

bool plan_class_add_posix(struct plan_class *set, struct span name)
{
	static const struct named names[] = {
		{"alpha", "AZaz"},
		{"lower", "az"},
		{"upper", "AZ"},
		{"alnum", "09AZaz"},
		{"ascii", "\1\x7f"},
		{"blank", "\t\t  "},
		{"cntrl", "\1\x1f\x7f\x7f"},
		{"digit", "09"},
		{"graph", "!~"},
		{"print", " ~"},
		{"punct", "!/:@[`{~"},
		{"space", "\t\r  "},
		{"word", "09AZaz__"},
		{"xdigit", "09AFaf"},
	};
	return add_named(set, names, ARRAY_LENGTH(names), name);
}

/* Scripts without case: from the CJK radicals to Vai, Hangul, CJK compatibility, the planes of
 * ideographs, and from Hebrew to Myanmar. */
static bool has_no_case(uint32_t code)
{
	return (code >= 0x0590 && code <= 0x109f) || (code >= 0x2e80 && code <= 0xa63f) ||
	       (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
	       (code >= 0x20000 && code <= 0x3ffff);
}

#define LONG_S 0x017f
#define KELVIN_SIGN 0x212a

struct plan_class plan_class_close(const struct plan_class *set)
{
	struct plan_class closed = {.ascii = {set->ascii[0], set->ascii[1]}, .wide = set->wide};
	for (size_t i = 0; i < set->code_count; i++) {
		uint32_t code = set->codes[i];
		if (code == LONG_S)
			plan_class_add(&closed, 's');
		if (code == KELVIN_SIGN)
			plan_class_add(&closed, 'k');
		closed.wide |= !has_no_case(code) && code != LONG_S && code != KELVIN_SIGN;
		plan_class_add(&closed, code);
	}
	if (set->wide) {
		plan_class_add(&closed, 's');
		plan_class_add(&closed, 'k');
	}
	for (uint32_t letter = 'a'; letter <= 'z'; letter++) {
		if (!plan_class_has(&closed, letter) && !plan_class_has(&closed, letter & 0x5f))
			continue;
		plan_class_add(&closed, letter);
		plan_class_add(&closed, letter & 0x5f);
		if (letter == 's')
			plan_class_add(&closed, LONG_S);
		if (letter == 'k')
			plan_class_add(&closed, KELVIN_SIGN);
	}
	return closed;
}
