#include "explore/key.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

struct named_key {
	key_code key;
	const char *name;
};

/* The first name of a key is the one that is written; the others are read, too. */
static const struct named_key names[] = {
	{KEY_CODE_TAB, "Tab"},
	{KEY_CODE_ENTER, "Enter"},
	{KEY_CODE_ENTER, "CR"},
	{KEY_CODE_ENTER, "Return"},
	{KEY_CODE_ESCAPE, "Esc"},
	{KEY_CODE_BACKSPACE, "BS"},
	{KEY_CODE_BACKSPACE, "Backspace"},
	{' ', "Space"},
	{'<', "lt"},
	{':', ":"},
	{'#', "#"},
	{KEY_CODE_UP, "Up"},
	{KEY_CODE_DOWN, "Down"},
	{KEY_CODE_LEFT, "Left"},
	{KEY_CODE_RIGHT, "Right"},
	{KEY_CODE_HOME, "Home"},
	{KEY_CODE_END, "End"},
	{KEY_CODE_PAGE_UP, "PgUp"},
	{KEY_CODE_PAGE_DOWN, "PgDn"},
	{KEY_CODE_DELETE, "Del"},
	{KEY_CODE_BACK_TAB, "S-Tab"},
	{KEY_CODE_F1, "F1"},
	{KEY_CODE_F1 + 1, "F2"},
	{KEY_CODE_F1 + 2, "F3"},
	{KEY_CODE_F1 + 3, "F4"},
	{KEY_CODE_F1 + 4, "F5"},
	{KEY_CODE_F1 + 5, "F6"},
	{KEY_CODE_F1 + 6, "F7"},
	{KEY_CODE_F1 + 7, "F8"},
	{KEY_CODE_F1 + 8, "F9"},
	{KEY_CODE_F1 + 9, "F10"},
	{KEY_CODE_F1 + 10, "F11"},
	{KEY_CODE_F12, "F12"},
	{KEY_CODE_RESIZE, "Resize"},
	{KEY_CODE_PASTE_START, "Paste"},
	{KEY_CODE_PASTE_END, "PasteEnd"},
};

/* What stands behind C- in <C-d>: the letters, and the five signs behind Z in ASCII, and ^@. */
static bool control_of(char sign, key_code *key)
{
	if (sign >= 'a' && sign <= 'z')
		sign = (char)(sign - 'a' + 'A');
	if (sign < '@' || sign > '_')
		return false;
	*key = KEY_CONTROL((unsigned char)sign);
	return true;
}

/* <U+009B>: the form of what is neither printable nor named. */
static bool key_numbered(struct span digits, key_code *key)
{
	if (digits.length < 4 || digits.length > 6)
		return false;
	key_code number = 0;
	for (size_t i = 0; i < digits.length; i++) {
		const char *hexadecimal = "0123456789ABCDEF";
		const char *found = strchr(hexadecimal, digits.data[i]);
		if (!found || digits.data[i] == '\0')
			return false;
		number = number << 4 | (key_code)(found - hexadecimal);
	}
	*key = number;
	return true;
}

static bool key_named(struct span name, key_code *key)
{
	if (name.length > 2 && memcmp(name.data, "U+", 2) == 0)
		return key_numbered(span_slice(name, 2, name.length), key);
	if (name.length == 3 && (name.data[0] == 'C' || name.data[0] == 'c') && name.data[1] == '-')
		return control_of(name.data[2], key);
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		if (span_equal_ignoring_case(name, span_string(names[i].name))) {
			*key = names[i].key;
			return true;
		}
	}
	return false;
}

bool key_parse(struct span text, size_t *at, key_code *key)
{
	if (*at >= text.length)
		return false;
	const char *here = text.data + *at;
	const size_t left = text.length - *at;
	if (*here == '<') {
		const char *close = memchr(here, '>', left);
		if (!close || !key_named(span_of(here + 1, (size_t)(close - here - 1)), key))
			return false;
		*at += (size_t)(close - here) + 1;
		return true;
	}
	uint32_t code = 0;
	const size_t length = text_decode(here, left, &code);
	if (length == 0 || code < ' ' || code == KEY_CODE_BACKSPACE)
		return false;
	*key = code;
	*at += length;
	return true;
}

void key_text(key_code key, char name[KEY_NAME_SIZE])
{
	for (size_t i = 0; i < ARRAY_LENGTH(names) && key != ':' && key != '#'; i++) {
		if (names[i].key == key) {
			snprintf(name, KEY_NAME_SIZE, "<%s>", names[i].name);
			return;
		}
	}
	if (key < ' ') {
		const char sign = (char)(key | '@');
		snprintf(name, KEY_NAME_SIZE, "<C-%c>",
			sign >= 'A' && sign <= 'Z' ? sign - 'A' + 'a' : sign);
		return;
	}
	const bool control = key > 0x7e && key < 0xa0;
	const bool surrogate = key >= 0xd800 && key <= 0xdfff;
	if (control || surrogate || key > 0x10ffff) {
		snprintf(name, KEY_NAME_SIZE, "<U+%04X>", (unsigned)key);
		return;
	}
	char bytes[4];
	const size_t length = text_encode(key, bytes);
	memcpy(name, bytes, length);
	name[length] = '\0';
}
