/* Any bytes drawn anywhere: the canvas stays whole and holds no control code; and any bytes as keys
 * and as a key script are read or refused. */
#include "explore/key.h"
#include "view/canvas.h"

#include "../../tui/screen/keyboard.h"
#include "../../tui/screen/script.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_cell(const struct canvas *canvas, int x, int y)
{
	const struct canvas_cell *cell =
		&canvas->cells[(size_t)y * (size_t)canvas->width + (size_t)x];
	const size_t length = strnlen(cell->bytes, sizeof cell->bytes);
	if (length == sizeof cell->bytes || cell->width > 2 || cell->style >= STYLE_COUNT)
		abort();
	if ((cell->width == 0) != (length == 0))
		abort();
	if (cell->width == 0 && (x == 0 || cell[-1].width != 2))
		abort();
	if (cell->width == 2 && (x + 1 == canvas->width || cell[1].width != 0))
		abort();
	for (size_t i = 0; i < length; i++) {
		const unsigned char byte = (unsigned char)cell->bytes[i];
		if (byte < 0x20 || byte == 0x7f || (canvas->ascii && byte >= 0x80))
			abort();
		/* C1 in UTF-8. */
		if (byte == 0xc2 && (unsigned char)cell->bytes[i + 1] < 0xa0)
			abort();
	}
}

static void draw(const uint8_t *data, size_t size, bool ascii)
{
	struct canvas canvas = {.ascii = ascii};
	if (!canvas_resize(&canvas, 1 + data[0] % 40, 1 + data[1] % 4))
		return;
	const struct span text = span_of((const char *)data + 6, size - 6);
	const struct range hit = {data[4], (size_t)data[4] + data[5] % 8};
	const int x = (int)data[2] - 128;
	for (int y = -1; y <= canvas.height; y++)
		canvas_text_hits(&canvas, x % 40 + y * 3, y, data[3], text,
			data[5] < text.length ? data[5] : 0, &hit, 1, STYLE_NORMAL);
	canvas_fill(&canvas, x % 11, 0, 3, 1, STYLE_DIM);
	canvas_frame(&canvas, x % 5, 0, data[3], data[4], true);
	for (int y = 0; y < canvas.height; y++)
		for (int column = 0; column < canvas.width; column++)
			check_cell(&canvas, column, y);
	canvas_free(&canvas);
}

static void type(const uint8_t *data, size_t size)
{
	struct keyboard *keyboard = calloc(1, sizeof *keyboard);
	if (!keyboard)
		return;
	for (size_t at = 0; at < size;) {
		size_t room = 0;
		char *to = keyboard_room(keyboard, &room);
		if (room == 0)
			abort();
		const size_t step = 1U + data[0] % 16U;
		const size_t left = size - at < step ? size - at : step;
		const size_t count = left < room ? left : room;
		memcpy(to, data + at, count);
		keyboard_filled(keyboard, count);
		at += count;
		key_code key = 0;
		while (keyboard_next(keyboard, at == size, &key) == KEYBOARD_KEY)
			continue;
	}
	free(keyboard);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 6)
		return 0;
	draw(data, size, false);
	draw(data, size, true);
	type(data, size);
	struct script script = {0};
	struct error error;
	if (!script_parse(&script, span_of((const char *)data, size), "fuzz", &error) &&
		error.code != ERROR_USAGE && error.code != ERROR_MEMORY)
		abort();
	script_free(&script);
	return 0;
}
