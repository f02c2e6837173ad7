#include "explore/layout.h"

/* Wide enough for two panes side by side; below, one pane at a time. */
#define TWO_PANES_WIDTH 72
#define TWO_PANES_HEIGHT 18
/* From here on the record pane stands beside, not below. */
#define RECORD_BESIDE_WIDTH 100

static void list_rect(struct layout *layout, int index, struct rect rect)
{
	layout->lists[index] = rect;
	/* A frame of two lines and the line of headings. */
	layout->rows[index] = rect.height > 3 ? rect.height - 3 : 0;
}

static void card_rect(struct layout *layout, struct rect rect)
{
	layout->card = rect;
	layout->card_rows = rect.height > 2 ? rect.height - 2 : 0;
}

/* One pane over the whole body: zoomed, or a small screen. A list on a small screen keeps a few
 * lines of the record below it. */
static void one_pane(struct layout *layout, const struct place *place, int width)
{
	struct rect all = {0, layout->body_y, width, layout->body_height};
	if (place->focus >= place->list_count) {
		card_rect(layout, all);
		return;
	}
	int record = 0;
	if (!place->zoomed && all.height >= 14)
		record = all.height / 3 > 9 ? 9 : all.height / 3;
	all.height -= record;
	list_rect(layout, place->focus, all);
	if (record > 0)
		card_rect(layout, (struct rect){0, all.y + all.height, width, record});
}

/* A single list: the record beside it, or below. */
static void one_list(struct layout *layout, int width)
{
	int y = layout->body_y, height = layout->body_height;
	if (width >= RECORD_BESIDE_WIDTH) {
		int list = width * 3 / 5;
		list_rect(layout, 0, (struct rect){0, y, list, height});
		card_rect(layout, (struct rect){list, y, width - list, height});
		return;
	}
	int record = height * 2 / 5;
	list_rect(layout, 0, (struct rect){0, y, width, height - record});
	card_rect(layout, (struct rect){0, y + height - record, width, record});
}

/* The board: two lists above, the third and the record below; side by side where there is room. */
static void board(struct layout *layout, const struct place *place, int width)
{
	int y = layout->body_y, height = layout->body_height;
	/* At 80 columns a host's status is seen beside its name and type. */
	bool wide = width >= RECORD_BESIDE_WIDTH;
	int left = wide ? width * 11 / 20 : width * 23 / 40;
	/* Statements and the record are longer than names. */
	int upper = wide && place->list_count < 3 ? height / 2 : height * 2 / 5;
	list_rect(layout, 0, (struct rect){0, y, left, upper});
	list_rect(layout, 1, (struct rect){left, y, width - left, upper});
	int below = y + upper, rest = height - upper;
	if (wide) {
		int third = place->list_count > 2 ? width * 3 / 5 : 0;
		if (third)
			list_rect(layout, 2, (struct rect){0, below, third, rest});
		card_rect(layout, (struct rect){third, below, width - third, rest});
		return;
	}
	int record = place->list_count > 2 ? rest * 5 / 12 : rest;
	if (place->list_count > 2)
		list_rect(layout, 2, (struct rect){0, below, width, rest - record});
	card_rect(layout, (struct rect){0, below + rest - record, width, record});
}

struct layout layout_of(const struct session *session)
{
	struct layout layout = {0};
	int width = session->width, height = session->height;
	if (width < LAYOUT_MIN_WIDTH || height < LAYOUT_MIN_HEIGHT) {
		layout.too_small = true;
		return layout;
	}
	layout.body_y = 1;
	layout.body_height = height - 3;
	const struct place *place = session_place(session);
	if (place->type != PLACE_PANES)
		card_rect(&layout, (struct rect){0, 1, width, layout.body_height});
	else if (place->zoomed || width < TWO_PANES_WIDTH || height < TWO_PANES_HEIGHT)
		one_pane(&layout, place, width);
	else if (place->list_count == 1)
		one_list(&layout, width);
	else
		board(&layout, place, width);
	return layout;
}
