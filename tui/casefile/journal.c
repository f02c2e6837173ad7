#include "casefile/journal.h"

#include "base/buffer.h"
#include "casefile/statement.h"

#include <sqlite3.h>
#include <string.h>

/* A length that says "not stated". */
#define NOT_STATED UINT64_MAX

static void add_number(struct buffer *bytes, uint64_t number)
{
	for (int shift = 56; shift >= 0; shift -= 8)
		buffer_add_byte(bytes, (char)(number >> shift & 0xff));
}

static void add_text(struct buffer *bytes, struct span text)
{
	add_number(bytes, span_stated(text) ? text.length : NOT_STATED);
	buffer_add_span(bytes, text);
}

/* The entry's link of the chain, from the one before it. */
static bool chain(const struct journal_entry *entry, const uint8_t before[HASH_SIZE],
	uint8_t digest[HASH_SIZE], struct error *error)
{
	struct buffer bytes = {0};
	buffer_add(&bytes, before, HASH_SIZE);
	add_number(&bytes, (uint64_t)entry->number);
	add_number(&bytes, (uint64_t)entry->clock);
	add_number(&bytes, (uint64_t)entry->id.kind);
	add_number(&bytes, (uint64_t)entry->id.id);
	const struct span texts[] = {entry->reviewer, entry->action, entry->field, entry->before,
		entry->after, entry->reason};
	for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
		add_text(&bytes, texts[i]);
	bool done = !buffer_failed(&bytes);
	if (done) {
		struct hash hash;
		hash_begin(&hash);
		hash_add(&hash, bytes.data, bytes.length);
		hash_end(&hash, digest);
	} else {
		error_memory(error);
	}
	buffer_free(&bytes);
	return done;
}

/* Number and hash of the last entry; 0 and zeros when there is none. */
static bool last_entry(const struct case_file *file, int64_t *number, uint8_t sha256[HASH_SIZE],
	struct error *error)
{
	*number = 0;
	memset(sha256, 0, HASH_SIZE);
	struct statement *select = statement_open(file, QUERY_JOURNAL_LAST, error);
	if (!select)
		return false;
	enum statement_result result = statement_step(select, error);
	bool done = result != STATEMENT_FAILED;
	if (result == STATEMENT_ROW) {
		struct span stored = statement_blob(select, 1);
		*number = statement_int(select, 0);
		if (stored.length == HASH_SIZE && *number > 0 && *number < INT64_MAX)
			memcpy(sha256, stored.data, HASH_SIZE);
		else
			done = error_set(error, ERROR_INTEGRITY,
				"%s: the last entry of the journal is damaged; nothing is added",
				case_name(file));
	}
	statement_close(select);
	return done;
}

bool journal_append(const struct case_file *file, struct journal_entry *entry, struct error *error)
{
	uint8_t before[HASH_SIZE], digest[HASH_SIZE];
	if (!last_entry(file, &entry->number, before, error))
		return false;
	entry->number++;
	if (!chain(entry, before, digest, error))
		return false;
	struct statement *insert = statement_open(file, QUERY_JOURNAL_APPEND, error);
	if (!insert)
		return false;
	statement_bind_int(insert, 1, entry->number);
	statement_bind_text(insert, 2, entry->reviewer);
	statement_bind_int(insert, 3, entry->clock);
	statement_bind_text(insert, 4, entry->action);
	statement_bind_int(insert, 5, entry->id.kind);
	statement_bind_int(insert, 6, entry->id.id);
	statement_bind_text(insert, 7, entry->field);
	statement_bind_text(insert, 8, entry->before);
	statement_bind_text(insert, 9, entry->after);
	statement_bind_text(insert, 10, entry->reason);
	statement_bind_blob(insert, 11, span_of((const char *)digest, HASH_SIZE));
	bool done = statement_run(insert, error);
	statement_close(insert);
	return done;
}

static bool write_overlay(
	const struct case_file *file, const struct journal_entry *entry, struct error *error)
{
	struct statement *upsert = statement_open(file, QUERY_OVERLAY_SET, error);
	if (!upsert)
		return false;
	statement_bind_int(upsert, 1, entry->id.kind);
	statement_bind_int(upsert, 2, entry->id.id);
	statement_bind_text(upsert, 3, entry->field);
	statement_bind_text(upsert, 4, entry->after);
	statement_bind_int(upsert, 5, entry->number);
	bool done = statement_run(upsert, error);
	statement_close(upsert);
	return done;
}

static bool write_link(const struct case_file *file, const struct journal_entry *entry,
	struct record_id to, struct span detail, struct error *error)
{
	struct statement *insert = statement_open(file, QUERY_LINK_DECIDE, error);
	if (!insert)
		return false;
	statement_bind_int(insert, 1, entry->id.kind);
	statement_bind_int(insert, 2, entry->id.id);
	statement_bind_text(insert, 3, entry->field);
	statement_bind_int(insert, 4, to.kind);
	statement_bind_int(insert, 5, to.id);
	statement_bind_text(insert, 6, detail);
	statement_bind_int(insert, 7, entry->number);
	bool done = statement_run(insert, error);
	statement_close(insert);
	return done;
}

/* An entry and the row it makes are one act: all of it, or nothing. */
struct act {
	const struct case_file *file;
	bool nested; /* inside the caller's transaction */
};

static bool act_begin(struct act *act, const struct case_file *file, struct error *error)
{
	act->file = file;
	act->nested = !sqlite3_get_autocommit(case_database(file));
	return statement_execute(
		file, act->nested ? "SAVEPOINT journal" : "BEGIN IMMEDIATE", error);
}

static bool act_end(const struct act *act, bool done, struct error *error)
{
	if (done && statement_execute(act->file, act->nested ? "RELEASE journal" : "COMMIT", error))
		return true;
	struct error unseen;
	if (act->nested) {
		(void)!statement_execute(act->file, "ROLLBACK TO journal", &unseen);
		(void)!statement_execute(act->file, "RELEASE journal", &unseen);
	} else {
		(void)!statement_execute(act->file, "ROLLBACK", &unseen);
	}
	return false;
}

static bool check_record(const struct case_file *file, struct record_id id, struct error *error)
{
	if (id.kind <= KIND_NONE || id.kind >= KIND_COUNT)
		return error_set(error, ERROR_USAGE, "there is no kind %d", (int)id.kind);
	struct buffer sql = {0};
	buffer_add_format(&sql, "SELECT 1 FROM \"%s\" WHERE id = ?1", kind_info(id.kind)->name);
	struct statement *select = statement_open_built(file, &sql, error);
	if (!select)
		return false;
	statement_bind_int(select, 1, id.id);
	enum statement_result result = statement_step(select, error);
	statement_close(select);
	if (result == STATEMENT_DONE)
		error_set(error, ERROR_USAGE, "there is no record %s:%lld",
			kind_info(id.kind)->name, (long long)id.id);
	return result == STATEMENT_ROW;
}

/* `kind:id` of a record that is there and that the field may refer to. */
static bool check_reference(const struct case_file *file, const struct kind_field *field,
	struct span word, struct error *error)
{
	const char *colon = memchr(word.data, ':', word.length);
	long long id = 0;
	size_t at = colon ? (size_t)(colon - word.data) : 0;
	if (!colon || kind_find(span_slice(word, 0, at)) != field->refers_to ||
		!span_to_integer(span_slice(word, at + 1, word.length), &id) || id <= 0)
		return error_set(error, ERROR_USAGE, "%s is set to a record as %s:1, not to %.*s",
			field->name, kind_info(field->refers_to)->name,
			(int)span_slice(word, 0, 100).length, word.data);
	return check_record(file, (struct record_id){.kind = field->refers_to, .id = id}, error);
}

static bool check_word(
	const struct case_file *file, const struct journal_entry *entry, struct error *error)
{
	struct span name = entry->field, word = entry->after;
	int index = kind_field_find(entry->id.kind, name);
	bool extra = span_stated(kind_extra_name(name));
	if (index < 0 && !extra && !span_is(name, "note") && !span_is(name, "tags"))
		return error_set(error, ERROR_USAGE, "%s has no field %.*s",
			kind_info(entry->id.kind)->name, (int)span_slice(name, 0, 100).length,
			name.data ? name.data : "");
	if (index < 0 || !span_stated(word))
		return true;
	const struct kind_field *field = &kind_info(entry->id.kind)->fields[index];
	long long number;
	int shown = (int)span_slice(word, 0, 100).length;
	switch (field->type) {
	case FIELD_CHOICE:
		return kind_choice_valid(field, word) ||
		       error_set(error, ERROR_USAGE, "%s is one of %s, not %.*s", field->name,
			       field->choices, shown, word.data);
	case FIELD_NUMBER:
		return span_to_integer(word, &number) ||
		       error_set(error, ERROR_USAGE, "%s is a whole number, not %.*s", field->name,
			       shown, word.data);
	case FIELD_REFERENCE:
		return check_reference(file, field, word, error);
	case FIELD_TEXT:
	case FIELD_TIME: /* words that are not read are words nonetheless */
		break;
	}
	return true;
}

static bool check_entry(
	const struct case_file *file, const struct journal_entry *entry, struct error *error)
{
	if (case_read_only(file))
		return error_set(
			error, ERROR_USAGE, "%s is open for reading only", case_name(file));
	if (span_trim(entry->reviewer).length == 0)
		return error_set(error, ERROR_USAGE, "a decision needs the name of its reviewer");
	return check_record(file, entry->id, error);
}

bool journal_set(struct case_file *file, struct journal_entry *entry, struct error *error)
{
	entry->action = span_string("set");
	struct act act;
	if (!check_entry(file, entry, error) || !check_word(file, entry, error) ||
		!act_begin(&act, file, error))
		return false;
	bool done = journal_append(file, entry, error) && write_overlay(file, entry, error);
	return act_end(&act, done, error);
}

static void add_target(struct buffer *target, enum kind kind, int64_t id, struct span detail)
{
	buffer_add_format(target, "%s:%lld", kind_info(kind)->name, (long long)id);
	if (span_stated(detail)) {
		buffer_add_byte(target, ' ');
		buffer_add_span(target, detail);
	}
}

bool journal_link(struct case_file *file, struct journal_entry *entry, struct record_id to,
	struct span detail, struct error *error)
{
	entry->action = span_string("link");
	if (!check_entry(file, entry, error) || !check_record(file, to, error))
		return false;
	if (span_trim(entry->field).length == 0)
		return error_set(error, ERROR_USAGE, "a link needs a type");
	struct buffer target = {0};
	add_target(&target, to.kind, to.id, detail);
	if (buffer_failed(&target)) {
		buffer_free(&target);
		return error_memory(error);
	}
	entry->after = buffer_span(&target);
	struct act act;
	bool done = act_begin(&act, file, error) &&
		    act_end(&act,
			    journal_append(file, entry, error) &&
				    write_link(file, entry, to, detail, error),
			    error);
	buffer_free(&target);
	entry->after = (struct span){0};
	return done;
}

static bool broken(
	const struct case_file *file, int64_t number, const char *what, struct error *error)
{
	return error_set(error, ERROR_INTEGRITY, "%s: journal entry %lld %s", case_name(file),
		(long long)number, what);
}

/* Statements held open while the whole journal is walked. */
struct walk {
	const struct case_file *file;
	struct statement *entries;
	struct statement *overlay;
	struct statement *link;
};

/* What a `set` laid over a field is still there, unless a later entry laid something else. */
static bool check_overlay(struct walk *walk, const struct journal_entry *entry, struct error *error)
{
	statement_bind_int(walk->overlay, 1, entry->id.kind);
	statement_bind_int(walk->overlay, 2, entry->id.id);
	statement_bind_text(walk->overlay, 3, entry->field);
	enum statement_result result = statement_step(walk->overlay, error);
	bool holds = result == STATEMENT_ROW && statement_int(walk->overlay, 0) >= entry->number;
	statement_reset(walk->overlay);
	return holds || (result != STATEMENT_FAILED &&
				broken(walk->file, entry->number, "has lost what it set", error));
}

static bool check_link(struct walk *walk, const struct journal_entry *entry, struct error *error)
{
	statement_bind_int(walk->link, 1, entry->id.kind);
	statement_bind_int(walk->link, 2, entry->id.id);
	statement_bind_int(walk->link, 3, entry->number);
	enum statement_result result = statement_step(walk->link, error);
	struct buffer target = {0};
	bool holds = false;
	if (result == STATEMENT_ROW) {
		int64_t kind = statement_int(walk->link, 3);
		if (kind > KIND_NONE && kind < KIND_COUNT)
			add_target(&target, (enum kind)kind, statement_int(walk->link, 4),
				statement_text(walk->link, 5));
		holds = !buffer_failed(&target) && target.length > 0 &&
			span_equal(buffer_span(&target), entry->after) &&
			span_equal(statement_text(walk->link, 2), entry->field);
	}
	bool memory = !buffer_failed(&target);
	buffer_free(&target);
	statement_reset(walk->link);
	if (!memory)
		return error_memory(error);
	return holds || (result != STATEMENT_FAILED && broken(walk->file, entry->number,
							       "is not the link it made", error));
}

static bool check_row(
	struct walk *walk, int64_t number, uint8_t head[HASH_SIZE], struct error *error)
{
	const struct statement *row = walk->entries;
	const struct journal_entry entry = {
		.number = statement_int(row, 0),
		.reviewer = statement_text(row, 1),
		.clock = statement_int(row, 2),
		.action = statement_text(row, 3),
		.id = {.kind = (enum kind)statement_int(row, 4), .id = statement_int(row, 5)},
		.field = statement_text(row, 6),
		.before = statement_text(row, 7),
		.after = statement_text(row, 8),
		.reason = statement_text(row, 9),
	};
	if (entry.number != number)
		return broken(walk->file, number, "is missing", error);
	if (statement_int(row, 4) != (int64_t)entry.id.kind || entry.id.kind >= KIND_COUNT)
		return broken(walk->file, number, "is of no kind", error);
	uint8_t digest[HASH_SIZE];
	if (!chain(&entry, head, digest, error))
		return false;
	struct span stored = statement_blob(row, 10);
	if (stored.length != HASH_SIZE || memcmp(stored.data, digest, HASH_SIZE) != 0)
		return broken(walk->file, number, "does not agree with the chain", error);
	memcpy(head, digest, HASH_SIZE);
	if (span_is(entry.action, "set"))
		return check_overlay(walk, &entry, error);
	if (span_is(entry.action, "link"))
		return check_link(walk, &entry, error);
	return true;
}

/* Rows that claim an entry which did not make them. */
static bool check_claimed(
	const struct case_file *file, enum query query, const char *what, struct error *error)
{
	struct statement *select = statement_open(file, query, error);
	if (!select)
		return false;
	enum statement_result result = statement_step(select, error);
	int64_t number = result == STATEMENT_ROW ? statement_int(select, 0) : 0;
	statement_close(select);
	return result == STATEMENT_ROW ? broken(file, number, what, error)
				       : result == STATEMENT_DONE;
}

bool journal_verify(const struct case_file *file, int64_t *entries, uint8_t head[HASH_SIZE],
	struct error *error)
{
	struct walk walk = {
		.file = file, .entries = statement_open(file, QUERY_JOURNAL_AFTER, error)};
	walk.overlay = walk.entries ? statement_open(file, QUERY_OVERLAY_OF, error) : NULL;
	walk.link = walk.overlay ? statement_open(file, QUERY_LINK_OF_ENTRY, error) : NULL;
	bool holds = walk.link != NULL;
	uint8_t digest[HASH_SIZE] = {0};
	int64_t count = 0;
	if (holds)
		statement_bind_int(walk.entries, 1, INT64_MIN);
	enum statement_result result = STATEMENT_ROW;
	while (holds && (result = statement_step(walk.entries, error)) == STATEMENT_ROW)
		holds = check_row(&walk, ++count, digest, error);
	statement_close(walk.entries);
	statement_close(walk.overlay);
	statement_close(walk.link);
	holds = holds && result == STATEMENT_DONE &&
		check_claimed(file, QUERY_OVERLAY_WITHOUT_ENTRY,
			"is said to have set what it has not", error) &&
		check_claimed(file, QUERY_LINK_WITHOUT_ENTRY,
			"is said to have made a link it has not", error);
	if (holds) {
		*entries = count;
		memcpy(head, digest, HASH_SIZE);
	}
	return holds;
}
