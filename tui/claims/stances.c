#include "stances.h"

#include "base/memory.h"
#include "casefile/link.h"

#include <inttypes.h>
#include <stdlib.h>

/* Links of one record that are read. More than this is no case that people made. */
#define RELATED_MOST 20000
/* A relay of a relay, a text that rests on a text. */
#define CHAIN_MOST 8

const char *const claim_part_names[PART_COUNT] = {
	[PART_ACT] = "act",
	[PART_OBJECT] = "object",
	[PART_QUALIFIER] = "qualifier",
	[PART_SCOPE] = "scope",
	[PART_PERIOD] = "period",
};

/* ---- claims ---- */

static bool add_claim(struct claims *claims, const struct record *record, struct error *error)
{
	struct claim *items =
		memory_grow(claims->items, &claims->capacity, claims->count + 1, sizeof *items);
	if (!items)
		return error_memory(error);
	claims->items = items;
	struct claim *claim = &items[claims->count++];
	*claim = (struct claim){.id = record->id.id};
	for (int part = 0; part < PART_COUNT; part++) {
		const struct cell *cell = record_cell(
			record, kind_field_find(KIND_CLAIM, span_string(claim_part_names[part])));
		if (!cell)
			continue;
		struct span text = span_trim(cell->text);
		claim->parts[part] = memory_copy(text.data, text.length);
		if (!claim->parts[part])
			return error_memory(error);
	}
	return true;
}

bool claims_load(const struct case_file *file, struct claims *claims, struct error *error)
{
	*claims = (struct claims){.file = file, .reader = record_reader_open(file, error)};
	if (!claims->reader)
		return false;
	struct record record = {0};
	enum record_result found;
	bool good = true;
	int64_t after = 0;
	while (good && (found = record_next(claims->reader, KIND_CLAIM, after, &record, error)) !=
			       RECORD_NONE) {
		good = found == RECORD_FOUND && add_claim(claims, &record, error);
		after = record.id.id;
	}
	record_free(&record);
	return good;
}

static void forget_stances(struct claim *claim)
{
	for (int stance = 0; stance < claim->stance_count; stance++)
		free(claim->stances[stance].voice);
	claim->stance_count = claim->linked_count = 0;
}

void claims_free(struct claims *claims)
{
	for (size_t i = 0; i < claims->count; i++) {
		struct claim *claim = &claims->items[i];
		for (int part = 0; part < PART_COUNT; part++)
			free(claim->parts[part]);
		forget_stances(claim);
		free(claim->stances);
		free(claim->linked);
	}
	free(claims->items);
	record_reader_close(claims->reader);
	*claims = (struct claims){0};
}

/* ---- one stance ---- */

/* The first record that a link of this type leads to from a record; kind KIND_NONE: any kind. */
static bool linked_to(struct claims *claims, struct record_id id, const char *type, enum kind kind,
	struct record_id *to, struct error *error)
{
	struct related_list list = {0};
	*to = (struct record_id){KIND_NONE, 0};
	if (!link_related(claims->file, id, RELATED_MOST, &list, error)) {
		related_list_free(&list);
		return false;
	}
	for (int i = 0; i < list.count && to->kind == KIND_NONE; i++) {
		const struct related *item = &list.items[i];
		if (item->outgoing && strcmp(item->type, type) == 0 &&
			(kind == KIND_NONE || item->id.kind == kind))
			*to = item->id;
	}
	related_list_free(&list);
	return true;
}

static char *copied(struct span text, struct error *error)
{
	char *copy = memory_copy(text.data, text.length);
	if (!copy)
		error_memory(error);
	return copy;
}

/* What a record calls itself, which serves as a voice when nothing else does. */
static char *title_of(struct claims *claims, struct record_id id, struct error *error)
{
	struct record record = {0};
	struct buffer title = {0};
	char *copy = NULL;
	if (record_read(claims->reader, id.kind, id.id, &record, error) != RECORD_FAILED) {
		if (record.cell_count > 0)
			record_title(&record, &title);
		else
			buffer_add_format(&title, "%s #%" PRId64, kind_info(id.kind)->name, id.id);
		copy = buffer_failed(&title) ? NULL : copied(buffer_span(&title), error);
		if (buffer_failed(&title))
			error_memory(error);
	}
	buffer_free(&title);
	record_free(&record);
	return copy;
}

/* A field of a record as a string, NULL with *good when it is not stated. */
static char *field_of(struct claims *claims, struct record_id id, const char *field, bool *good,
	struct error *error)
{
	struct record record = {0};
	char *copy = NULL;
	enum record_result found = record_read(claims->reader, id.kind, id.id, &record, error);
	*good = found != RECORD_FAILED;
	const struct cell *cell = NULL;
	if (found == RECORD_FOUND)
		cell = record_cell(&record, kind_field_find(id.kind, span_string(field)));
	if (cell && cell->text.length > 0) {
		copy = copied(cell->text, error);
		*good = copy != NULL;
	}
	record_free(&record);
	return copy;
}

/* Whose word it is: the origin's where it is relayed, else the speaker's or publisher's. A via
 * names who carried the words, not whose they are. */
static char *voice_of(
	struct claims *claims, struct record_id by, bool *relayed, struct error *error)
{
	for (int hop = 0; hop < CHAIN_MOST && by.kind == KIND_STATEMENT; hop++) {
		struct record_id origin;
		if (!linked_to(claims, by, "relays", KIND_NONE, &origin, error))
			return NULL;
		if (origin.kind == KIND_NONE)
			break;
		*relayed = true;
		by = origin;
	}
	const char *field = by.kind == KIND_STATEMENT  ? "speaker"
			    : by.kind == KIND_DOCUMENT ? "publisher"
						       : NULL;
	if (!field)
		return title_of(claims, by, error);
	bool good;
	char *voice = field_of(claims, by, field, &good, error);
	if (voice || !good)
		return voice;
	struct record_id party;
	const char *type = by.kind == KIND_STATEMENT ? "said_by" : "published_by";
	if (!linked_to(claims, by, type, KIND_NONE, &party, error))
		return NULL;
	return title_of(claims, party.kind != KIND_NONE ? party : by, error);
}

/* The document that a stance was taken in, and the one that it rests on in the end. */
static bool find_documents(struct claims *claims, struct stance *stance, struct error *error)
{
	struct record_id document = stance->by;
	if (document.kind == KIND_STATEMENT) {
		struct record record = {0};
		enum record_result found =
			record_read(claims->reader, KIND_STATEMENT, stance->by.id, &record, error);
		const struct cell *cell =
			found == RECORD_FOUND
				? record_cell(&record,
					  kind_field_find(KIND_STATEMENT, span_string("document")))
				: NULL;
		document = (struct record_id){KIND_DOCUMENT, cell ? cell->reference : 0};
		record_free(&record);
		struct record_id said_in;
		if (found == RECORD_FAILED ||
			!linked_to(claims, stance->by, "said_in", KIND_DOCUMENT, &said_in, error))
			return false;
		stance->occasion = said_in.kind != KIND_NONE ? said_in.id : document.id;
		if (document.id == 0)
			document = said_in;
	} else {
		stance->occasion = document.id;
	}
	for (int hop = 0; hop < CHAIN_MOST && document.id != 0; hop++) {
		struct record_id below;
		stance->document = document.id;
		if (!linked_to(claims, document, "rests_on", KIND_DOCUMENT, &below, error))
			return false;
		document = below;
	}
	return true;
}

/* ---- stances of a claim ---- */

static const struct {
	const char *type;
	enum direction direction;
} directions[] = {
	{"asserts", DIRECTION_ASSERTS},
	{"denies", DIRECTION_DENIES},
	{"silent", DIRECTION_SILENT},
	{"declines", DIRECTION_SILENT},
};

/* The stance that a link is; false when it is none. */
static bool stance_of(const struct related *link, struct stance *stance)
{
	if (link->outgoing || (link->id.kind != KIND_STATEMENT && link->id.kind != KIND_DOCUMENT))
		return false;
	for (size_t i = 0; i < ARRAY_LENGTH(directions); i++) {
		if (strcmp(link->type, directions[i].type) != 0)
			continue;
		*stance = (struct stance){.by = link->id,
			.direction = directions[i].direction,
			.flat = link->detail && strcmp(link->detail, "flat") == 0};
		return true;
	}
	return false;
}

/* A later decision on the same statement and claim takes the place of the one before. */
static bool add_stance(
	struct claims *claims, struct claim *claim, struct stance *stance, struct error *error)
{
	for (int i = 0; i < claim->stance_count; i++) {
		struct stance *earlier = &claim->stances[i];
		if (record_id_equal(earlier->by, stance->by)) {
			earlier->direction = stance->direction;
			earlier->flat = stance->flat;
			return true;
		}
	}
	struct stance *room = memory_grow(claim->stances, &claim->stance_capacity,
		(size_t)claim->stance_count + 1, sizeof *room);
	if (!room)
		return error_memory(error);
	claim->stances = room;
	stance->voice = voice_of(claims, stance->by, &stance->relayed, error);
	room[claim->stance_count] = *stance;
	return stance->voice && find_documents(claims, &room[claim->stance_count++], error);
}

static bool add_linked(struct claim *claim, int64_t id, struct error *error)
{
	int64_t *room = memory_grow(claim->linked, &claim->linked_capacity,
		(size_t)claim->linked_count + 1, sizeof *room);
	if (!room)
		return error_memory(error);
	claim->linked = room;
	room[claim->linked_count++] = id;
	return true;
}

static bool is_nearness(const char *type)
{
	return strcmp(type, "narrows") == 0 || strcmp(type, "widens") == 0 ||
	       strcmp(type, "in_tension_with") == 0;
}

bool claims_stances(struct claims *claims, struct claim *claim, struct error *error)
{
	if (claim->loaded)
		return true;
	struct related_list list = {0};
	bool good = link_related(claims->file, (struct record_id){KIND_CLAIM, claim->id},
		RELATED_MOST, &list, error);
	if (good && list.more)
		good = error_set(error, ERROR_LIMIT,
			"claim:%" PRId64 " has more than %d links; its standing is not computed",
			claim->id, RELATED_MOST);
	for (int i = 0; good && i < list.count; i++) {
		struct stance stance;
		if (stance_of(&list.items[i], &stance))
			good = add_stance(claims, claim, &stance, error);
		else if (list.items[i].id.kind == KIND_CLAIM && is_nearness(list.items[i].type))
			good = add_linked(claim, list.items[i].id.id, error);
	}
	related_list_free(&list);
	if (!good)
		forget_stances(claim);
	claim->loaded = good;
	return good;
}

/* ---- nearness ---- */

/* The topic that *rest begins with, which is cut off. */
static struct span next_topic(struct span *rest)
{
	const char *end = rest->length ? memchr(rest->data, ';', rest->length) : NULL;
	size_t length = end ? (size_t)(end - rest->data) : rest->length;
	struct span topic = span_trim(span_slice(*rest, 0, length));
	*rest = span_slice(*rest, length + 1, rest->length);
	return topic;
}

bool claims_share_topic(const struct claim *a, const struct claim *b)
{
	struct span mine = span_string(a->parts[PART_OBJECT]);
	while (mine.length > 0) {
		struct span topic = next_topic(&mine);
		struct span theirs = span_string(b->parts[PART_OBJECT]);
		while (topic.length > 0 && theirs.length > 0)
			if (span_equal_ignoring_case(topic, next_topic(&theirs)))
				return true;
	}
	return false;
}

bool claims_linked(const struct claim *a, const struct claim *b)
{
	for (int i = 0; i < a->linked_count; i++)
		if (a->linked[i] == b->id)
			return true;
	return false;
}

bool voices_equal(const struct stance *a, const struct stance *b)
{
	return span_equal_ignoring_case(span_string(a->voice), span_string(b->voice));
}
