#include "places.h"

#include "base/memory.h"
#include "casefile/link.h"
#include "results.h"
#include "search/filter.h"
#include "source_view.h"
#include "work.h"

#include "explore/commands.h"

#include <stdlib.h>
#include <string.h>

/* Places with list panes. A new one is a row here and a go-to command. */
static const struct {
	const char *name;
	struct {
		enum kind kind;
		const char *title; /* NULL: the kind's */
		const char *base;
	} lists[PLACE_MAX_LISTS];
} panes[] = {
	{"board", {{KIND_HOST, NULL, NULL}, {KIND_PARTY, "Affected parties", "role = affected"},
			  {KIND_STATEMENT, NULL, NULL}}},
	{"hosts", {{KIND_HOST, NULL, NULL}}},
	{"parties", {{KIND_PARTY, NULL, NULL}}},
	{"statements", {{KIND_STATEMENT, NULL, NULL}}},
	{"timeline", {{KIND_EVENT, NULL, NULL}}},
	{"accounts", {{KIND_ACCOUNT, NULL, NULL}}},
	{"data", {{KIND_DATA, NULL, NULL}}},
	{"indicators", {{KIND_INDICATOR, NULL, NULL}}},
	{"claims", {{KIND_CLAIM, NULL, NULL}}},
	{"sites", {{KIND_SITE, NULL, NULL}}},
	{"who", {{KIND_ACTOR, NULL, NULL}, {KIND_TECHNIQUE, NULL, NULL}}},
	{"documents", {{KIND_DOCUMENT, NULL, NULL}}},
	{"incidents", {{KIND_INCIDENT, NULL, NULL}}},
};

void place_free(struct place *place)
{
	if (!place)
		return;
	for (int i = 0; i < place->list_count; i++)
		list_free(place->lists[i]);
	card_free(&place->card);
	list_search_clear(&place->find);
	source_view_free(&place->source);
	results_free(&place->results);
	free(place);
}

static void drop(struct session *session, int index)
{
	struct place *place = session->places[index];
	for (int i = 0; i < place->list_count; i++) {
		job_pool_drop(session->jobs, place->lists[i]->slot);
		job_pool_drop(session->jobs, place->lists[i]->slot + 1);
	}
	job_pool_drop(session->jobs, place->results.slot);
	for (int k = 0; k < SOURCE_SLOTS && place->type == PLACE_SOURCE; k++)
		job_pool_drop(session->jobs, place->source.slot + k);
	place_free(place);
	memmove(&session->places[index], &session->places[index + 1],
		(size_t)(session->place_count - index - 1) * sizeof(struct place *));
	session->place_count--;
}

static struct place *new_place(struct session *session, enum place_type type, const char *name)
{
	struct place *place = memory_array(1, sizeof *place);
	if (!place) {
		session_complain(session, "out of memory");
		return NULL;
	}
	place->type = type;
	place->name = name;
	return place;
}

/* Makes a place the current one, with what was ahead still ahead of it. */
static void visit(struct session *session, struct place *place)
{
	int at = session->place_count > 0 ? session->place_at + 1 : 0;
	session->place_at = at;
	memmove(&session->places[at + 1], &session->places[at],
		(size_t)(session->place_count - at) * sizeof(struct place *));
	session->places[at] = place;
	session->place_count++;
	session->selected = (struct record_id){KIND_NONE, 0};
}

void place_settle(struct session *session)
{
	while (session->place_count > session->place_at + 1)
		drop(session, session->place_count - 1);
	if (session->place_count > SESSION_MAX_PLACES) {
		drop(session, 1);
		session->place_at--;
	}
}

static void enter(struct session *session, struct place *place)
{
	visit(session, place);
	place_settle(session);
}

/* Lists whose filling was stopped, or was just asked to stop, are filled after all. */
static void go_on(struct session *session, struct place *place)
{
	for (int i = 0; i < place->list_count; i++)
		if (place->lists[i]->stopped || !place->lists[i]->loaded)
			work_rows(session, place->lists[i]);
}

bool place_go(struct session *session, const char *name)
{
	for (size_t i = 0; i < ARRAY_LENGTH(panes); i++) {
		if (strcmp(panes[i].name, name) != 0)
			continue;
		if (session->place_count > 0 && session_place(session)->type == PLACE_PANES &&
			session_place(session)->name == panes[i].name) {
			go_on(session, session_place(session));
			return true; /* already there */
		}
		struct place *place = new_place(session, PLACE_PANES, panes[i].name);
		if (!place)
			return true;
		for (int k = 0; k < PLACE_MAX_LISTS && panes[i].lists[k].kind != KIND_NONE; k++) {
			struct list *list = list_new(panes[i].lists[k].kind,
				panes[i].lists[k].title, panes[i].lists[k].base);
			if (!list) {
				place_free(place);
				session_complain(session, "out of memory");
				return true;
			}
			list->ascii = session->ascii;
			list->slot = session->next_slot;
			session->next_slot += 2;
			place->lists[place->list_count++] = list;
		}
		enter(session, place);
		for (int k = 0; k < place->list_count; k++)
			work_rows(session, place->lists[k]);
		return true;
	}
	return false;
}

const char *place_name_of(enum kind kind)
{
	/* The last that shows it alone or first: `board` is no place for one kind. */
	for (size_t i = 1; i < ARRAY_LENGTH(panes); i++)
		for (int k = 0; k < PLACE_MAX_LISTS; k++)
			if (panes[i].lists[k].kind == kind)
				return panes[i].name;
	return "board";
}

/* As many related records are asked for what leads to events. */
#define MOST_ASKED 256

/* The field of an event that refers to a kind; -1 when none does. */
static int event_field(enum kind kind)
{
	const struct kind_info *info = kind_info(KIND_EVENT);
	for (int field = 0; field < info->field_count; field++)
		if (info->fields[field].refers_to == kind)
			return field;
	return -1;
}

/* Whether events speak of a record beside the field that refers to it: what is seen with others of
 * its kind is. */
static bool is_mentioned(struct session *session, struct record_id of)
{
	struct related_list related;
	struct error error;
	bool mentioned = false;
	if (!link_related(session->file, of, MOST_ASKED, &related, &error))
		return false;
	for (int i = 0; i < related.count; i++)
		mentioned = mentioned || (related.items[i].id.kind == of.kind &&
						 strcmp(related.items[i].type, "seen with") == 0);
	related_list_free(&related);
	return mentioned;
}

bool place_read(struct session *session, struct record_id id, struct record *record)
{
	struct error error = {0};
	if (record_read(session->reader, id.kind, id.id, record, &error) == RECORD_FOUND)
		return true;
	session_complain(session, "%s",
		error.code == ERROR_NONE ? "that record is not there any more" : error.message);
	record_free(record);
	return false;
}

/* The filter for events that refer to a record, or whose text speaks of it. */
static void add_events_of(
	struct session *session, struct record_id of, struct span name, struct buffer *filter)
{
	int field = event_field(of.kind);
	if (field >= 0)
		filter_compare_text(KIND_EVENT, field, name, true, filter);
	if (field >= 0 && !is_mentioned(session, of))
		return;
	if (field >= 0)
		buffer_add_string(filter, " or ");
	filter_words_text(name, filter);
}

void place_go_events(struct session *session, struct record_id of)
{
	struct record record = {0};
	struct error error = {0};
	if (!place_read(session, of, &record))
		return;
	struct buffer name = {0}, filter = {0};
	record_title(&record, &name);
	add_events_of(session, of, buffer_span(&name), &filter);
	record_free(&record);
	place_go(session, place_name_of(KIND_EVENT));
	struct list *list = session_list(session);
	if (buffer_failed(&name) || buffer_failed(&filter) || !list || list->kind != KIND_EVENT)
		session_complain(session, "these events can't be kept to");
	else if (!list_add_filter(list, buffer_span(&filter), &error))
		session_complain(session, "%s", error.message);
	else
		work_rows(session, list);
	buffer_free(&name);
	buffer_free(&filter);
}

void place_go_record(struct session *session, struct record_id id, enum place_type type)
{
	struct place *place =
		new_place(session, type, type == PLACE_RELATED ? "related" : "record");
	if (!place)
		return;
	place->id = id;
	enter(session, place);
}

void place_go_source(struct session *session, struct record_id id)
{
	struct record record = {0};
	struct error error = {0};
	if (!place_read(session, id, &record))
		return;
	struct place *place = new_place(session, PLACE_SOURCE, "source");
	if (place) {
		place->id = id;
		place->source.slot = session->next_slot;
		if (source_view_open(session, &place->source, &record, &error)) {
			session->next_slot += SOURCE_SLOTS;
			enter(session, place);
		} else {
			session_complain(session, "%s", error.message);
			place_free(place);
		}
	}
	record_free(&record);
}

void place_go_results(struct session *session, struct span text, bool literal, bool live)
{
	struct place *place = new_place(session, PLACE_RESULTS, "search");
	struct error error = {0};
	if (!place)
		return;
	place->results.slot = session->next_slot;
	if (!results_begin(&place->results, text, literal, &error)) {
		session_complain(session, "%s", error.message);
		place_free(place);
		return;
	}
	session->next_slot += 2;
	visit(session, place);
	if (!live)
		place_settle(session);
	work_results(session, &place->results);
}

void place_go_imports(struct session *session)
{
	struct place *place = new_place(session, PLACE_IMPORTS, "imports");
	if (place)
		enter(session, place);
}

void place_go_help(struct session *session)
{
	if (session_place(session)->type == PLACE_HELP)
		return;
	unsigned where = command_where(session);
	struct place *place = new_place(session, PLACE_HELP, "help");
	if (!place)
		return;
	place->help_where = where;
	enter(session, place);
}

static void arrive(struct session *session)
{
	session->selected = (struct record_id){KIND_NONE, 0};
}

void place_back(struct session *session, int64_t count)
{
	if (session->place_at == 0)
		session_say(session, "this is where you began");
	session->place_at = session->place_at > count ? session->place_at - (int)count : 0;
	arrive(session);
}

void place_forward(struct session *session, int64_t count)
{
	int last = session->place_count - 1;
	if (session->place_at == last)
		session_say(session, "there is nothing ahead");
	session->place_at =
		last - session->place_at > count ? session->place_at + (int)count : last;
	arrive(session);
}

void place_close(struct session *session)
{
	if (session->place_at == 0) {
		session_say(session, "this is the board; Q quits");
		return;
	}
	drop(session, session->place_at);
	session->place_at--;
	arrive(session);
}
