#include "view/view.h"

#include "explore/commands.h"
#include "parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *sign;
	const char *ascii;
} plain[] = {
	{"\u00b7", "-"},
	{"\u2026", "..."},
	{"\u00d7", "x"},
	{"\u2192", "->"},
	{"\u2013", "-"},
	{"\u25b8", ">"},
	{"\u2022", "o"},
	{"\u2265", ">="},
};

int view_words(struct canvas *canvas, int x, int y, int width, const char *words, enum style style)
{
	if (!canvas->ascii)
		return canvas_string(canvas, x, y, width, words, style);
	char text[1024];
	size_t length = 0;
	while (*words && length + 8 < sizeof text) {
		size_t sign = 0;
		while (sign < ARRAY_LENGTH(plain) &&
			strncmp(words, plain[sign].sign, strlen(plain[sign].sign)) != 0)
			sign++;
		if (sign == ARRAY_LENGTH(plain)) {
			text[length++] = *words++;
			continue;
		}
		size_t used = strlen(plain[sign].ascii);
		memcpy(text + length, plain[sign].ascii, used);
		length += used;
		words += strlen(plain[sign].sign);
	}
	text[length] = '\0';
	return canvas_string(canvas, x, y, width, text, style);
}

void view_number(int64_t number, char text[VIEW_NUMBER_SIZE])
{
	char digits[VIEW_NUMBER_SIZE];
	int length = snprintf(digits, sizeof digits, "%" PRId64, number);
	int out = 0;
	for (int i = 0; i < length; i++) {
		text[out++] = digits[i];
		int left = length - 1 - i;
		if (left > 0 && left % 3 == 0 && digits[i] != '-')
			text[out++] = ',';
	}
	text[out] = '\0';
}

/* Columns that words take: they are the program's own, one column a character. */
static int columns(const char *words)
{
	int count = 0;
	for (; *words; words++)
		count += ((unsigned char)*words & 0xc0) != 0x80;
	return count;
}

/* Cuts a corner's words before the last of their dots, else before a plus, else before the last of
 * them, until they fit: a number beside a title is whole or not there. */
static void fit_corner(char *corner, int room)
{
	while (columns(corner) > room) {
		char *cut = strrchr(corner, ' ');
		if (cut && cut - corner > 3 && memcmp(cut - 3, " of", 3) == 0)
			cut -= 3;
		char *plus = strstr(corner, " + ");
		cut = plus ? plus : cut;
		for (char *at = strstr(corner, " \u00b7 "); at; at = strstr(at + 1, " \u00b7 "))
			cut = at;
		if (!cut)
			return;
		*cut = '\0';
	}
}

void view_frame(
	struct canvas *canvas, struct rect rect, bool focused, const char *title, const char *words)
{
	char corner[256];
	snprintf(corner, sizeof corner, "%s", words);
	canvas_frame(canvas, rect.x, rect.y, rect.width, rect.height, focused);
	int room = rect.width - 4;
	int x = rect.x + 2;
	int used = view_words(canvas, x, rect.y, 1, " ", STYLE_TITLE);
	used += view_words(canvas, x + used, rect.y, room - 2, title, STYLE_TITLE);
	view_words(canvas, x + used, rect.y, 1, " ", STYLE_TITLE);
	int left = room - used - 3;
	fit_corner(corner, left);
	int wanted = columns(corner);
	if (!*corner || left < 4)
		return;
	if (wanted > left)
		wanted = left;
	x = rect.x + rect.width - 3 - wanted;
	used = view_words(canvas, x, rect.y, 1, " ", STYLE_FRAME);
	used += view_words(canvas, x + used, rect.y, wanted, corner, STYLE_DIM);
	view_words(canvas, x + used, rect.y, 1, " ", STYLE_FRAME);
}

void view_foot(struct canvas *canvas, struct rect rect, int taken, const char *words)
{
	int width = columns(words), y = rect.y + rect.height - 1;
	int x = rect.x + rect.width - width - 3;
	if (x < rect.x + 2 + taken)
		return;
	view_words(canvas, x - 1, y, 1, " ", STYLE_FRAME);
	view_words(canvas, x, y, width, words, STYLE_DIM);
	view_words(canvas, x + width, y, 1, " ", STYLE_FRAME);
}

static void draw_place(
	const struct session *session, const struct layout *layout, struct canvas *canvas)
{
	const struct place *place = session_place(session);
	char title[96];
	switch (place->type) {
	case PLACE_PANES:
		for (int i = 0; i < place->list_count; i++)
			if (layout->lists[i].width > 0)
				view_list(session, place->lists[i], layout->lists[i],
					place->focus == i, canvas);
		snprintf(title, sizeof title, "%s:%" PRId64,
			place->shown.kind ? kind_info(place->shown.kind)->name : "",
			place->shown.id);
		view_card(&place->card, layout->card, place->focus == place->list_count,
			place->zoomed ? "Record, zoomed" : "Record", place->shown.kind ? title : "",
			canvas);
		break;
	case PLACE_RECORD:
	case PLACE_RELATED:
		snprintf(title, sizeof title, "%s:%" PRId64, kind_info(place->id.kind)->name,
			place->id.id);
		view_card(&place->card, layout->card, true,
			place->type == PLACE_RECORD ? "Record" : "Related", title, canvas);
		break;
	case PLACE_SOURCE:
		view_source(&place->source, layout->card, canvas);
		break;
	case PLACE_RESULTS:
		view_results(&place->results, layout->card, canvas);
		break;
	case PLACE_IMPORTS:
		view_card(&place->card, layout->card, true, "Imports", "", canvas);
		break;
	case PLACE_HELP:
		view_card(&place->card, layout->card, true, "Help", "q closes", canvas);
		break;
	}
}

static void draw_popup(
	const struct session *session, const struct layout *layout, struct canvas *canvas)
{
	const struct card *card = &session->popup;
	int height = (int)card->count + 2;
	if (height > layout->body_height)
		height = layout->body_height;
	struct rect rect = {.width = card->width + 2, .height = height};
	rect.x = (canvas->width - rect.width) / 2;
	rect.y = layout->body_y + (layout->body_height - height) / 2;
	canvas_fill(canvas, rect.x, rect.y, rect.width, rect.height, STYLE_NORMAL);
	view_card(card, rect, true, session->popup_title, "Esc closes", canvas);
}

void view_draw(const struct session *session, struct canvas *canvas)
{
	struct layout layout = layout_of(session);
	canvas->cursor_x = canvas->cursor_y = -1;
	if (layout.too_small) {
		char words[96];
		snprintf(words, sizeof words, "too small: %dx%d, needs %dx%d", canvas->width,
			canvas->height, LAYOUT_MIN_WIDTH, LAYOUT_MIN_HEIGHT);
		view_words(canvas, 0, 0, canvas->width, words, STYLE_WARNING);
		return;
	}
	view_header(session, canvas);
	draw_place(session, &layout, canvas);
	if (session->popup.count > 0)
		draw_popup(session, &layout, canvas);
	if (session->prompt.type == PROMPT_COMMAND)
		view_palette(session, canvas);
	view_footer(session, canvas);
}
