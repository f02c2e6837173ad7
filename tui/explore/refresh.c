/* After a change: reads what the page on screen shows, and what is linked to the selection. */
#include "explore/session.h"

#include "base/memory.h"
#include "explore/columns.h"
#include "explore/commands.h"
#include "explore/layout.h"
#include "find_card.h"
#include "find_source.h"
#include "places.h"
#include "results.h"
#include "source_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Related records that are looked at for marking and for the record pane. */
#define RELATED_MOST 1024

struct record_id session_selected(const struct session *session)
{
	const struct place *place = session_place(session);
	struct record_id none = {KIND_NONE, 0};
	/* Of a card: what its line leads to, where that is one record. */
	struct record_id target =
		place->card.count > 0 ? place->card.lines[place->card.cursor].target : none;
	switch (place->type) {
	case PLACE_PANES:
		if (place->focus < place->list_count)
			return list_selected(place->lists[place->focus], NULL);
		return target.id > 0 ? target : place->shown;
	case PLACE_RESULTS: {
		bool heading;
		struct record_id id = results_at(&place->results, place->results.cursor, &heading);
		return heading ? none : id;
	}
	case PLACE_RECORD:
	case PLACE_RELATED:
		return target.id > 0 ? target : place->id;
	case PLACE_SOURCE:
		return place->id;
	case PLACE_IMPORTS:
	case PLACE_HELP:
		break;
	}
	return none;
}

static int compare_ids(const void *a, const void *b)
{
	const struct record_id *left = a, *right = b;
	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	return left->id < right->id ? -1 : left->id > right->id;
}

/* The set of what is linked to the record under the cursor of the pane that was last used. */
static void relate(struct session *session, struct record_id id)
{
	if (record_id_equal(id, session->selected))
		return;
	session->selected = id;
	session->linked_count = 0;
	if (!session->linking || id.kind == KIND_NONE)
		return;
	struct related_list related = {0};
	struct error error;
	if (!link_related(session->file, id, RELATED_MOST, &related, &error)) {
		session_complain(session, "%s", error.message);
		return;
	}
	struct record_id *grown = memory_grow(
		session->linked, &session->linked_capacity, (size_t)related.count, sizeof *grown);
	if (grown) {
		session->linked = grown;
		for (int i = 0; i < related.count; i++)
			grown[session->linked_count++] = related.items[i].id;
		qsort(grown, (size_t)session->linked_count, sizeof *grown, compare_ids);
	}
	related_list_free(&related);
}

static bool is_linked(const struct session *session, enum kind kind, int64_t id)
{
	struct record_id wanted = {kind, id};
	return session->linked_count > 0 &&
	       bsearch(&wanted, session->linked, (size_t)session->linked_count, sizeof wanted,
		       compare_ids) != NULL;
}

static void mark_linked(const struct session *session, struct list *list)
{
	for (int i = 0; i < list->page_rows; i++) {
		struct list_row *row = &list->page[i];
		row->linked = false;
		if (!row->there)
			continue;
		struct row_place place = rows_at(&list->rows, list->page_top + i);
		int64_t run = row->heading && !row->open ? row->run : 1;
		int64_t left = list->rows.count - place.position;
		if (run > left) /* rows of before: a filter leaves fewer of them */
			run = left;
		for (int64_t k = 0; k < run && k < RELATED_MOST && !row->linked; k++)
			row->linked =
				is_linked(session, list->kind, list->rows.ids[place.position + k]);
	}
}

static void lay_out(struct session *session, struct place *place, const struct record *record,
	const struct related_list *related, bool brief, int width)
{
	struct card *card = &place->card;
	card_begin(card, width, 13, session->ascii);
	if (place->shown_run > 0)
		card_run(card, place->shown_run);
	if (place->type == PLACE_RELATED)
		card_related(card, session, record, related);
	else
		card_record(card, session, record, related, brief);
}

/* The card of a record: fields first, then what it is related to. Beside lists long texts are cut,
 * but where all of it fits. */
static void fill_record_card(struct session *session, struct place *place, struct record_id id,
	int64_t run, int width, int rows)
{
	struct card *card = &place->card;
	const struct list_search *search =
		place->list_count > 0 ? &place->lists[place->source_list]->search : NULL;
	int number = search ? search->number : 0;
	bool counted = card->waits && session->counting != id.id;
	if (record_id_equal(id, place->shown) && run == place->shown_run && width == card->width &&
		rows == place->shown_rows && number == card->lit_number && !counted)
		return;
	card->matcher = search ? search->matcher : NULL;
	card->lit_number = number;
	if (!record_id_equal(id, place->shown)) {
		card->cursor = card->top = 0;
		session_count_again(session);
	}
	place->shown = id;
	place->shown_run = run;
	place->shown_rows = rows;
	card_begin(card, width, 13, session->ascii);
	if (id.kind == KIND_NONE)
		return;
	struct record record = {0};
	struct related_list related = {0};
	struct error error = {0};
	enum record_result found = record_read(session->reader, id.kind, id.id, &record, &error);
	if (found == RECORD_FOUND &&
		link_related(session->file, id, RELATED_MOST, &related, &error)) {
		bool brief = place->type == PLACE_PANES;
		lay_out(session, place, &record, &related, brief, width);
		if (brief && card->count < rows)
			lay_out(session, place, &record, &related, false, width);
		if (brief && card->count > rows)
			lay_out(session, place, &record, &related, true, width);
	} else {
		card_add_string(card, NULL,
			found == RECORD_NONE ? "this record is not in the case any more"
					     : error.message,
			CARD_WARNING);
	}
	related_list_free(&related);
	record_free(&record);
}

static void refresh_panes(struct session *session, struct place *place, const struct layout *layout)
{
	struct error error;
	for (int i = 0; i < place->list_count; i++) {
		if (layout->rows[i] < 1)
			continue;
		list_move_to(place->lists[i], place->lists[i]->cursor, layout->rows[i]);
		if (!list_fill(place->lists[i], session->reader, layout->rows[i], &error))
			session_complain(session, "%s", error.message);
		/* What fits depends on the page. */
		columns_scroll(place->lists[i], layout->lists[i].width - 2);
	}
	if (place->focus < place->list_count)
		place->source_list = place->focus;
	const struct list *source = place->lists[place->source_list];
	struct record_id id = list_selected(source, NULL);
	relate(session, id);
	for (int i = 0; i < place->list_count; i++)
		if (i != place->source_list)
			mark_linked(session, place->lists[i]);
		else
			for (int k = 0; k < place->lists[i]->page_rows; k++)
				place->lists[i]->page[k].linked = false;
	if (layout->card.width > 2)
		fill_record_card(session, place, id, list_selected_run(source),
			layout->card.width - 2, layout->card_rows);
}

static void refresh_source(
	struct session *session, struct place *place, const struct layout *layout)
{
	struct source_view *view = &place->source;
	int width = layout->card.width - 2;
	if (source_view_readable(view)) {
		bool first = view->count == 0;
		if (!source_view_fit(view, width > 9 ? width - 8 : width))
			session_complain(session, "out of memory");
		source_view_move_to(session, view, view->cursor, layout->card_rows);
		if (first && view->top + 3 > view->cursor && view->cursor >= 3) {
			/* A little of what stands before the mark. */
			view->top = view->cursor - 3;
		}
		find_source_light(view, place->find.matcher, layout->card_rows);
		return;
	}
	/* Without the source: the fields as they are stored, and why. */
	struct record record = {0};
	struct error error = {0};
	if (view->fields.width == width && view->fields.count > 0)
		return;
	card_begin(&view->fields, width, 13, session->ascii);
	if (view->checking)
		snprintf(error.message, sizeof error.message,
			"Its bytes are shown once all of the file has its SHA-256: %d%% checked",
			view->percent);
	else
		error = view->error;
	card_add_string(&view->fields, NULL, error.message, CARD_WARNING);
	card_add_string(&view->fields, NULL, "The fields as they are stored:", CARD_DIM);
	if (!place_read(session, place->id, &record))
		return;
	card_record(&view->fields, session, &record, NULL, false);
	record_free(&record);
}

void session_refresh(struct session *session)
{
	struct layout layout = layout_of(session);
	struct place *place = session_place(session);
	struct error error;
	session->stale = false;
	if (layout.too_small)
		return;
	int width = layout.card.width - 2;
	switch (place->type) {
	case PLACE_PANES:
		refresh_panes(session, place, &layout);
		break;
	case PLACE_RECORD:
	case PLACE_RELATED:
		fill_record_card(session, place, place->id, 0, width, layout.card_rows);
		break;
	case PLACE_SOURCE:
		refresh_source(session, place, &layout);
		break;
	case PLACE_RESULTS:
		results_move_to(&place->results, place->results.cursor, layout.card_rows);
		if (!results_fill(&place->results, session->reader, layout.card_rows, &error))
			session_complain(session, "%s", error.message);
		break;
	case PLACE_IMPORTS:
	case PLACE_HELP:
		if (place->card.width != width) {
			card_begin(&place->card, width, place->type == PLACE_HELP ? 24 : 10,
				session->ascii);
			if (place->type == PLACE_HELP)
				card_help(&place->card, session, place->help_where);
			else
				card_imports(&place->card, session);
		}
		break;
	}
	if (place->card.failed || place->source.fields.failed || session->popup.failed)
		session_complain(session, "out of memory: not all of this is shown");
	find_card_refresh(session);
	card_move_to(&place->card, place->card.cursor, layout.card_rows);
}
