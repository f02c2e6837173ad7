#include "casefile/listing.h"

#include "base/bits.h"
#include "base/memory.h"
#include "base/moment.h"
#include "casefile/arrange.h"
#include "casefile/record.h"
#include "casefile/statement.h"
#include "casefile/visible.h"
#include "kind_sql.h"
#include "sequence.h"

#include <inttypes.h>
#include <stdlib.h>

/* What a record is sorted by. */
struct key {
	bool stated;
	bool is_text;
	int64_t number;
	struct span text;
	int64_t id;
};

/* A record on whose field the journal has the last word. */
struct decided_key {
	struct key key;
	size_t start; /* of its text in listing->text */
};

struct listing {
	const struct case_file *file;
	enum kind kind;
	int field;
	bool descending;
	bool from_end; /* descending, and what is not stated first */
	struct statement *parts[2];
	int part;     /* how many are behind it */
	bool pending; /* the part's statement stands on a row that was not given out */
	bool ended;   /* it has no more */
	struct id_runs hidden;
	struct decided_key *decided; /* in order */
	size_t decided_count;
	size_t decided_capacity;
	size_t decided_next;
	struct buffer text;
	int64_t most;
	uint32_t *arranged; /* all ids in order, where arrange_ids makes it; NULL elsewhere */
	int64_t arranged_count;
	int64_t arranged_next;
};

bool listing_sorts(enum kind kind, int field)
{
	const struct kind_info *info = kind_info(kind);
	return field >= -1 && field < info->field_count;
}

static bool by_text(enum kind kind, int field)
{
	enum field_type type = kind_info(kind)->fields[field].type;
	return type != FIELD_TIME && type != FIELD_NUMBER;
}

/* The expression a record is sorted by. */
static void add_key(struct buffer *sql, enum kind kind, int field)
{
	if (field < 0) {
		buffer_add_string(sql, "r.id");
		return;
	}
	const struct kind_field *at = &kind_info(kind)->fields[field];
	if (at->type == FIELD_REFERENCE) {
		const struct kind_info *other = kind_info(at->refers_to);
		kind_sql_column(sql, "f.", &other->fields[other->name_field], "");
	} else {
		kind_sql_column(sql, "r.", at, at->type == FIELD_TIME ? "_from" : "");
	}
}

static void add_condition(struct buffer *sql, enum kind kind, int field, enum listing_part part)
{
	const struct kind_info *info = kind_info(kind);
	bool stated = part == LISTING_STATED;
	buffer_add_string(sql, "(");
	add_key(sql, kind, field);
	if (info->fields[field].type != FIELD_TIME) {
		buffer_add_string(sql, stated ? " IS NOT NULL" : " IS NULL");
	} else {
		buffer_add_format(sql, "%s%" PRId64, stated ? " < " : " = ", INT64_MAX);
		/* A large kind leaves a time out that it is not sorted by. */
		if (!stated && info->large && field != info->sort_field) {
			buffer_add_string(sql, " OR ");
			add_key(sql, kind, field);
			buffer_add_string(sql, " IS NULL");
		}
	}
	buffer_add_string(sql, ")");
}

static void add_order(
	struct buffer *sql, enum kind kind, int field, bool descending, enum listing_part part)
{
	const char *direction = descending ? " DESC" : "";
	buffer_add_string(sql, " ORDER BY ");
	if (field >= 0 && part == LISTING_STATED) {
		add_key(sql, kind, field);
		buffer_add_format(sql, "%s, ", direction);
	}
	buffer_add_format(sql, "r.id%s", direction);
}

bool listing_sql(enum kind kind, int field, bool descending, enum listing_part part, bool decided,
	struct buffer *sql)
{
	const struct kind_info *info = kind_info(kind);
	bool always = field < 0 || (info->fields[field].flags & FIELD_REQUIRED);
	if (arrange_takes(kind, field) || (always && part == LISTING_NOT_STATED))
		return false;
	buffer_add_string(sql, "SELECT r.id, ");
	add_key(sql, kind, field);
	/* A large kind has its default order in a table of its own. */
	bool ordered = info->large && field == info->sort_field;
	buffer_add_format(sql, " FROM \"%s%s\" r", info->name, ordered ? "_order" : "");
	if (field >= 0 && info->fields[field].type == FIELD_REFERENCE) {
		buffer_add_format(sql, " LEFT JOIN \"%s\" f ON f.id = ",
			kind_info(info->fields[field].refers_to)->name);
		kind_sql_column(sql, "r.", &info->fields[field], "");
	}
	const char *joint = " WHERE ";
	if (!always) {
		buffer_add_string(sql, joint);
		add_condition(sql, kind, field, part);
		joint = " AND ";
	}
	if (!info->large) {
		buffer_add_string(sql, joint);
		kind_sql_visible(sql, kind);
		joint = " AND ";
	}
	if (decided)
		buffer_add_format(sql,
			"%sNOT EXISTS(SELECT 1 FROM overlay o WHERE o.kind = %d"
			" AND o.record = r.id AND o.field = '%s')",
			joint, (int)kind, info->fields[field].name);
	add_order(sql, kind, field, descending, part);
	return true;
}

/* What is not stated comes last, whatever the direction. */
static int compare_keys(const struct key *a, const struct key *b, bool descending)
{
	if (a->stated != b->stated)
		return a->stated ? -1 : 1;
	int order = 0;
	if (a->stated)
		order = a->is_text ? span_compare(a->text, b->text)
				   : (a->number > b->number) - (a->number < b->number);
	if (order == 0)
		order = (a->id > b->id) - (a->id < b->id);
	return descending ? -order : order;
}

static int compare_ascending(const void *a, const void *b)
{
	return compare_keys(a, b, false);
}

static int compare_descending(const void *a, const void *b)
{
	return compare_keys(a, b, true);
}

static int compare_from_end(const void *a, const void *b)
{
	return compare_keys(b, a, false);
}

/* The key of a word of the journal: its text, or what it says. */
static bool read_key(struct listing *listing, struct record_reader *reader, int64_t id,
	struct record *record, struct decided_key *decided, struct error *error)
{
	*decided = (struct decided_key){.key.id = id, .start = listing->text.length};
	decided->key.is_text = by_text(listing->kind, listing->field);
	enum record_result found = record_read(reader, listing->kind, id, record, error);
	if (found != RECORD_FOUND) {
		decided->key.id = 0;
		return found == RECORD_NONE;
	}
	const struct cell *cell = record_cell(record, listing->field);
	long long number = 0;
	if (!cell)
		return true;
	switch (kind_info(listing->kind)->fields[listing->field].type) {
	case FIELD_TIME:
		decided->key.stated = cell->moment.precision != MOMENT_NONE;
		decided->key.number = cell->moment.from;
		break;
	case FIELD_NUMBER:
		decided->key.stated = span_to_integer(cell->text, &number);
		decided->key.number = number;
		break;
	case FIELD_TEXT:
	case FIELD_CHOICE:
	case FIELD_REFERENCE:
		decided->key.stated = true;
		decided->key.text.length = cell->text.length;
		buffer_add_span(&listing->text, cell->text);
		break;
	}
	return !buffer_failed(&listing->text) || error_memory(error);
}

static bool read_decided(struct listing *listing, struct statement *select,
	struct record_reader *reader, struct error *error)
{
	struct record record = {0};
	enum statement_result result;
	bool fit = true;
	while (fit && (result = statement_step(select, error)) == STATEMENT_ROW) {
		struct decided_key *grown = memory_grow(listing->decided,
			&listing->decided_capacity, listing->decided_count + 1, sizeof *grown);
		if (!grown) {
			fit = error_memory(error);
			break;
		}
		listing->decided = grown;
		struct decided_key *decided = &grown[listing->decided_count];
		fit = read_key(listing, reader, statement_int(select, 0), &record, decided, error);
		if (fit && decided->key.id != 0)
			listing->decided_count++;
	}
	record_free(&record);
	return fit && result == STATEMENT_DONE;
}

static bool load_decided(struct listing *listing, struct error *error)
{
	if (listing->field < 0)
		return true;
	struct statement *select = statement_open(listing->file, QUERY_OVERLAY_OF_FIELD, error);
	if (!select)
		return false;
	const char *name = kind_info(listing->kind)->fields[listing->field].name;
	statement_bind_int(select, 1, listing->kind);
	statement_bind_text(select, 2, span_string(name));
	struct record_reader *reader = record_reader_open(listing->file, error);
	bool loaded = reader && read_decided(listing, select, reader, error);
	record_reader_close(reader);
	statement_close(select);
	if (!loaded)
		return false;
	for (size_t i = 0; i < listing->decided_count; i++)
		listing->decided[i].key.text.data = listing->text.data + listing->decided[i].start;
	if (listing->decided_count > 1)
		qsort(listing->decided, listing->decided_count, sizeof *listing->decided,
			listing->from_end     ? compare_from_end
			: listing->descending ? compare_descending
					      : compare_ascending);
	return true;
}

static bool read_most(struct listing *listing, struct error *error)
{
	struct sequence sequence;
	if (!sequence_load(listing->file, &sequence, error))
		return false;
	listing->most = sequence.next[listing->kind] - 1;
	return true;
}

int64_t listing_most(const struct listing *listing)
{
	return listing->most;
}

static bool open_parts(struct listing *listing, struct error *error)
{
	for (int part = LISTING_STATED; part <= LISTING_NOT_STATED; part++) {
		struct buffer sql = {0};
		bool has = listing_sql(listing->kind, listing->field, listing->descending,
			(enum listing_part)part, listing->decided_count > 0, &sql);
		if (!has)
			continue;
		listing->parts[part] = statement_open_built(listing->file, &sql, error);
		if (!listing->parts[part])
			return false;
	}
	return true;
}

/* The ids of a set in their order. */
static bool arrange_set(struct listing *listing, const struct bits *set, struct error *error)
{
	const struct arrange arrange = {.kind = listing->kind,
		.field = listing->field,
		.descending = listing->descending,
		.set = set};
	listing->arranged =
		memory_array((size_t)listing->arranged_count + 1, sizeof *listing->arranged);
	if (!listing->arranged)
		return error_memory(error);
	return arrange_ids(
		listing->file, &arrange, listing->arranged, listing->arranged_count, error);
}

static bool arrange_all(struct listing *listing, struct error *error)
{
	struct listing *all = listing_open(listing->file, listing->kind, -1, false, error);
	struct bits set = {0};
	int64_t id = 0;
	int more = -1;
	bool room = true;
	while (all && room && (more = listing_next(all, &id, error)) > 0) {
		room = id <= UINT32_MAX && bits_add(&set, (uint64_t)id);
		listing->arranged_count++;
	}
	if (!room)
		error_set(error, ERROR_LIMIT, "there are too many records to sort");
	bool good = all && room && more == 0 && arrange_set(listing, &set, error);
	listing_close(all);
	bits_free(&set);
	return good;
}

/* An order that SQLite gives: what the journal decided, and two statements. */
static bool open_order(struct listing *listing, struct error *error)
{
	return load_decided(listing, error) && open_parts(listing, error) &&
	       (!kind_info(listing->kind)->large ||
		       hidden_load(listing->file, listing->kind, &listing->hidden, error));
}

static struct listing *open_listing(const struct case_file *file, enum kind kind, int field,
	bool descending, bool from_end, struct error *error)
{
	if (!listing_sorts(kind, field)) {
		error_set(error, ERROR_USAGE, "%s can't be sorted by that field",
			kind_info(kind)->plural);
		return NULL;
	}
	struct listing *listing = memory_array(1, sizeof *listing);
	if (!listing) {
		error_memory(error);
		return NULL;
	}
	*listing = (struct listing){.file = file,
		.kind = kind,
		.field = field,
		.descending = descending,
		.from_end = from_end};
	bool arranged = arrange_takes(kind, field);
	if (read_most(listing, error) &&
		(arranged ? arrange_all(listing, error) : open_order(listing, error)))
		return listing;
	listing_close(listing);
	return NULL;
}

struct listing *listing_open(const struct case_file *file, enum kind kind, int field,
	bool descending, struct error *error)
{
	return open_listing(file, kind, field, descending, false, error);
}

struct listing *listing_open_end(const struct case_file *file, enum kind kind, struct error *error)
{
	return open_listing(file, kind, kind_info(kind)->sort_field, true, true, error);
}

void listing_close(struct listing *listing)
{
	if (!listing)
		return;
	statement_close(listing->parts[LISTING_STATED]);
	statement_close(listing->parts[LISTING_NOT_STATED]);
	id_runs_free(&listing->hidden);
	buffer_free(&listing->text);
	free(listing->decided);
	free(listing->arranged);
	free(listing);
}

static enum listing_part part_at_hand(const struct listing *listing)
{
	return listing->part == (listing->from_end ? 1 : 0) ? LISTING_STATED : LISTING_NOT_STATED;
}

static struct statement *statement_at_hand(const struct listing *listing)
{
	return listing->parts[part_at_hand(listing)];
}

/* Moves the part's statement to its next visible row. */
static bool advance(struct listing *listing, struct error *error)
{
	struct statement *select = statement_at_hand(listing);
	while (!listing->pending && !listing->ended) {
		enum statement_result result =
			select ? statement_step(select, error) : STATEMENT_DONE;
		if (result == STATEMENT_FAILED)
			return false;
		listing->ended = result == STATEMENT_DONE;
		if (listing->ended)
			continue;
		int64_t id = statement_int(select, 0);
		listing->pending = hidden_skip(&listing->hidden, id) == id;
	}
	return true;
}

/* Whether the next record the journal has a word on comes before the row at hand. */
static bool decided_first(const struct listing *listing)
{
	if (listing->decided_next == listing->decided_count)
		return false;
	const struct key *next = &listing->decided[listing->decided_next].key;
	if (next->stated != (part_at_hand(listing) == LISTING_STATED))
		return false;
	if (!listing->pending)
		return true;
	const struct statement *select = statement_at_hand(listing);
	struct key row = {
		.stated = next->stated, .is_text = next->is_text, .id = statement_int(select, 0)};
	if (row.stated && row.is_text)
		row.text = statement_text(select, 1);
	else if (row.stated)
		row.number = statement_int(select, 1);
	return compare_keys(next, &row, listing->descending) < 0;
}

int listing_next(struct listing *listing, int64_t *id, struct error *error)
{
	if (listing->arranged) {
		if (listing->arranged_next == listing->arranged_count)
			return 0;
		*id = listing->arranged[listing->arranged_next++];
		return 1;
	}
	while (listing->part < 2) {
		if (!advance(listing, error))
			return -1;
		if (decided_first(listing)) {
			*id = listing->decided[listing->decided_next++].key.id;
			return 1;
		}
		if (listing->pending) {
			*id = statement_int(statement_at_hand(listing), 0);
			listing->pending = false;
			return 1;
		}
		listing->part++;
		listing->ended = false;
	}
	return 0;
}
