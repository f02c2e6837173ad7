#include "keyboard.h"

#include "base/text.h"

#include <string.h>

/* No sequence that means anything is longer. */
#define SEQUENCE_LIMIT 64

/* What a step made of the bytes at the start. */
enum step { STEP_KEY, STEP_SWALLOWED, STEP_PARTIAL };

void keyboard_learn(struct keyboard *keyboard, const char *bytes, key_code key)
{
	const size_t length = bytes ? strlen(bytes) : 0;
	if (length == 0 || length > KEYBOARD_SEQUENCE_SIZE ||
		keyboard->sequence_count == KEYBOARD_SEQUENCES)
		return;
	struct keyboard_sequence *sequence = &keyboard->sequences[keyboard->sequence_count++];
	memcpy(sequence->bytes, bytes, length);
	sequence->length = length;
	sequence->key = key;
}

char *keyboard_room(struct keyboard *keyboard, size_t *room)
{
	if (keyboard->start > 0) {
		memmove(keyboard->bytes, keyboard->bytes + keyboard->start,
			keyboard->end - keyboard->start);
		keyboard->end -= keyboard->start;
		keyboard->start = 0;
	}
	*room = KEYBOARD_SIZE - keyboard->end;
	return keyboard->bytes + keyboard->end;
}

void keyboard_filled(struct keyboard *keyboard, size_t length)
{
	keyboard->end += length;
}

static enum step take(struct keyboard *keyboard, size_t length, key_code found, key_code *key)
{
	keyboard->start += length;
	*key = found;
	return STEP_KEY;
}

static enum step swallow(struct keyboard *keyboard, size_t length)
{
	keyboard->start += length;
	return STEP_SWALLOWED;
}

/* A key that ends in a letter: CSI A, CSI 1;5A, SS3 A. */
static key_code lettered_key(char letter)
{
	switch (letter) {
	case 'A':
		return KEY_CODE_UP;
	case 'B':
		return KEY_CODE_DOWN;
	case 'C':
		return KEY_CODE_RIGHT;
	case 'D':
		return KEY_CODE_LEFT;
	case 'F':
		return KEY_CODE_END;
	case 'H':
		return KEY_CODE_HOME;
	case 'M':
		return KEY_CODE_ENTER;
	case 'P':
	case 'Q':
	case 'R':
	case 'S':
		return KEY_CODE_F1 + (key_code)(letter - 'P');
	case 'Z':
		return KEY_CODE_BACK_TAB;
	default:
		return KEY_CODE_SPECIAL;
	}
}

/* A key that is a number: CSI 5~, CSI 5;2~. */
static key_code numbered_key(unsigned number)
{
	static const struct {
		unsigned number;
		key_code key;
	} keys[] = {
		{1, KEY_CODE_HOME},
		{3, KEY_CODE_DELETE},
		{4, KEY_CODE_END},
		{5, KEY_CODE_PAGE_UP},
		{6, KEY_CODE_PAGE_DOWN},
		{7, KEY_CODE_HOME},
		{8, KEY_CODE_END},
		{11, KEY_CODE_F1},
		{12, KEY_CODE_F1 + 1},
		{13, KEY_CODE_F1 + 2},
		{14, KEY_CODE_F1 + 3},
		{15, KEY_CODE_F1 + 4},
		{17, KEY_CODE_F1 + 5},
		{18, KEY_CODE_F1 + 6},
		{19, KEY_CODE_F1 + 7},
		{20, KEY_CODE_F1 + 8},
		{21, KEY_CODE_F1 + 9},
		{23, KEY_CODE_F1 + 10},
		{24, KEY_CODE_F12},
		{200, KEY_CODE_PASTE_START},
		{201, KEY_CODE_PASTE_END},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(keys); i++)
		if (keys[i].number == number)
			return keys[i].key;
	return KEY_CODE_SPECIAL;
}

/* The Linux console's F1 to F5: ESC [ [ A. */
static enum step console_key(
	struct keyboard *keyboard, const char *here, size_t left, key_code *key)
{
	if (left < 4)
		return STEP_PARTIAL;
	if (here[3] < 'A' || here[3] > 'E')
		return swallow(keyboard, 4);
	return take(keyboard, 4, KEY_CODE_F1 + (key_code)(here[3] - 'A'), key);
}

/* What a whole sequence stands for, by its final byte and its first number, 0 for none. */
static key_code sequence_key(char final, unsigned number)
{
	if (final == '~')
		return numbered_key(number);
	/* Not keys: mouse reports, and where the cursor is. */
	if (final == 'M' || (final == 'R' && number > 1))
		return KEY_CODE_SPECIAL;
	return lettered_key(final);
}

/* CSI: ESC [, parameters, intermediates, one final byte. */
static enum step control_sequence(
	struct keyboard *keyboard, const char *here, size_t left, key_code *key)
{
	if (left > 2 && here[2] == '[')
		return console_key(keyboard, here, left, key);
	if (left > 2 && here[2] == 'M') /* a mouse report in the old form: three bytes more */
		return left < 6 ? STEP_PARTIAL : swallow(keyboard, 6);
	const bool private = left > 2 && here[2] >= 0x3a && here[2] < 0x40;
	unsigned number = 0;
	bool first = true;
	size_t at = 2;
	while (at < left && here[at] >= 0x20 && here[at] < 0x40) {
		first = first && here[at] >= '0' && here[at] <= '9';
		if (first && number < 1000)
			number = number * 10 + (unsigned)(here[at] - '0');
		if (++at > SEQUENCE_LIMIT)
			return swallow(keyboard, at);
	}
	if (at == left)
		return STEP_PARTIAL;
	if (here[at] < 0x40 || here[at] == 0x7f) /* broken off by something else */
		return swallow(keyboard, at);
	const key_code found = private ? KEY_CODE_SPECIAL : sequence_key(here[at], number);
	if (found == KEY_CODE_SPECIAL)
		return swallow(keyboard, at + 1);
	keyboard->pasting = found == KEY_CODE_PASTE_START;
	return take(keyboard, at + 1, found, key);
}

static enum step escape(struct keyboard *keyboard, const char *here, size_t left, key_code *key)
{
	if (left == 1)
		return STEP_PARTIAL;
	if (here[1] == '[')
		return left == 2 ? STEP_PARTIAL : control_sequence(keyboard, here, left, key);
	if (here[1] != 'O')
		return take(keyboard, 1, KEY_CODE_ESCAPE, key);
	if (left == 2)
		return STEP_PARTIAL;
	const key_code found = lettered_key(here[2]);
	return found == KEY_CODE_SPECIAL ? swallow(keyboard, 3) : take(keyboard, 3, found, key);
}

/* Everything is text in a paste, but for its end. */
static enum step pasted_escape(
	struct keyboard *keyboard, const char *here, size_t left, key_code *key)
{
	static const char end[] = "\033[201~";
	const size_t length = sizeof end - 1;
	if (memcmp(here, end, left < length ? left : length) != 0)
		return take(keyboard, 1, KEY_CODE_ESCAPE, key);
	if (left < length)
		return STEP_PARTIAL;
	keyboard->pasting = false;
	return take(keyboard, length, KEY_CODE_PASTE_END, key);
}

static enum step learnt(struct keyboard *keyboard, const char *here, size_t left, key_code *key)
{
	enum step result = STEP_SWALLOWED;
	for (size_t i = 0; i < keyboard->sequence_count; i++) {
		const struct keyboard_sequence *sequence = &keyboard->sequences[i];
		const size_t common = left < sequence->length ? left : sequence->length;
		if (memcmp(here, sequence->bytes, common) != 0)
			continue;
		if (common == sequence->length)
			return take(keyboard, common, sequence->key, key);
		result = STEP_PARTIAL;
	}
	return result;
}

/* A character. What can't be one is U+FFFD, byte by byte. */
static enum step character(struct keyboard *keyboard, const char *here, size_t left, key_code *key)
{
	uint32_t code = 0;
	const size_t length = text_decode(here, left, &code);
	if (length > 0)
		return take(keyboard, length, code, key);
	const unsigned char lead = (unsigned char)*here;
	const size_t wanted = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
	size_t whole = 1;
	while (whole < left && ((unsigned char)here[whole] & 0xc0) == 0x80)
		whole++;
	if (lead >= 0xc2 && lead <= 0xf4 && whole == left && left < wanted)
		return STEP_PARTIAL;
	return take(keyboard, 1, 0xfffd, key);
}

static enum step step(struct keyboard *keyboard, key_code *key)
{
	const char *here = keyboard->bytes + keyboard->start;
	const size_t left = keyboard->end - keyboard->start;
	if (keyboard->pasting)
		return *here == KEY_CODE_ESCAPE ? pasted_escape(keyboard, here, left, key)
						: character(keyboard, here, left, key);
	const enum step known = learnt(keyboard, here, left, key);
	if (known != STEP_SWALLOWED)
		return known;
	return *here == KEY_CODE_ESCAPE ? escape(keyboard, here, left, key)
					: character(keyboard, here, left, key);
}

enum keyboard_result keyboard_next(struct keyboard *keyboard, bool late, key_code *key)
{
	while (keyboard->start < keyboard->end) {
		const size_t left = keyboard->end - keyboard->start;
		const char first = keyboard->bytes[keyboard->start];
		switch (step(keyboard, key)) {
		case STEP_KEY:
			return KEYBOARD_KEY;
		case STEP_SWALLOWED:
			break;
		case STEP_PARTIAL:
			if (!late)
				return KEYBOARD_PARTIAL;
			/* ESC, or ESC and one more, may have been typed; longer tails are lost
			 * sequences. */
			keyboard->start += left <= 2 || first != KEY_CODE_ESCAPE ? 1 : left;
			if (first == KEY_CODE_ESCAPE && left > 2)
				break;
			*key = first == KEY_CODE_ESCAPE ? (key_code)KEY_CODE_ESCAPE : 0xfffd;
			return KEYBOARD_KEY;
		}
	}
	return KEYBOARD_EMPTY;
}
