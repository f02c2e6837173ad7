#include "casefile/compare.h"

#include "base/hash.h"
#include "base/memory.h"
#include "casefile/kinds.h"
#include "casefile/source.h"
#include "casefile/statement.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Bytes of a source held at once. */
#define WINDOW (8 * 1024 * 1024)

/* What a piece is known again by. The first at a place counts: a row that is an event of some host
 * is not the host's. */
enum rank { BY_KEY, BY_BYTES, BY_NAME, BY_NOTHING };

/* A piece of a source. */
struct piece {
	uint64_t start, end;
	enum rank rank;
	uint64_t identity; /* of its id or name; 0: it has none */
	uint64_t content;
};

struct pieces {
	int64_t source;
	struct piece *items;
	size_t count, capacity;
	bool too_many;
	int64_t told[KIND_COUNT]; /* mentions of named records */
};

struct comparing {
	const struct case_file *file;
	const atomic_bool *cancel; /* may be NULL */
	struct pieces earlier, later;
	enum kind main; /* whose names stand for rows */
	uint8_t salt[16];
};

static bool goes_on(const struct comparing *comparing, struct error *error)
{
	return !comparing->cancel || !atomic_load(comparing->cancel) ||
	       error_set(error, ERROR_CANCELLED, "stopped as asked");
}

/* 64 bits of a salted SHA-256: nobody can choose bytes that look the same. */
static uint64_t digest(
	const struct comparing *comparing, char what, const void *bytes, size_t length)
{
	struct hash hash;
	uint8_t full[HASH_SIZE];
	uint64_t number;
	hash_begin(&hash);
	hash_add(&hash, comparing->salt, sizeof comparing->salt);
	hash_add(&hash, &what, 1);
	hash_add(&hash, bytes, length);
	hash_end(&hash, full);
	memcpy(&number, full, sizeof number);
	return number | 1; /* never 0 */
}

static bool add_piece(struct pieces *pieces, struct piece piece, struct error *error)
{
	if (pieces->count == COMPARE_MOST) {
		pieces->too_many = true;
		return true;
	}
	struct piece *items =
		memory_grow(pieces->items, &pieces->capacity, pieces->count + 1, sizeof *items);
	if (!items)
		return error_memory(error);
	pieces->items = items;
	items[pieces->count++] = piece;
	return true;
}

/* ---- which pieces there are ---- */

/* Runs a statement on a source, which is freed; each row is a piece: start, end. */
static bool add_ranges(const struct comparing *comparing, struct pieces *pieces, struct buffer *sql,
	struct error *error)
{
	struct statement *select = statement_open_built(comparing->file, sql, error);
	if (!select)
		return false;
	statement_bind_int(select, 1, pieces->source);
	enum statement_result result = STATEMENT_FAILED;
	bool added = true;
	while (added && !pieces->too_many &&
		(result = statement_step(select, error)) == STATEMENT_ROW)
		added = goes_on(comparing, error) &&
			add_piece(pieces,
				(struct piece){.start = (uint64_t)statement_int(select, 0),
					.end = (uint64_t)statement_int(select, 1),
					.rank = BY_BYTES},
				error);
	statement_close(select);
	return added && (pieces->too_many || result == STATEMENT_DONE);
}

static bool add_kind(const struct comparing *comparing, struct pieces *pieces, enum kind kind,
	struct error *error)
{
	struct buffer sql = {0};
	const struct kind_info *info = kind_info(kind);
	if (info->large)
		buffer_add_format(&sql,
			"SELECT r.start, r.\"end\" FROM block b CROSS JOIN \"%s\" r"
			" ON r.id BETWEEN b.first AND b.first + b.records - 1"
			" WHERE b.source = ?1 AND b.kind = %d",
			info->name, kind);
	else
		buffer_add_format(
			&sql, "SELECT start, \"end\" FROM \"%s\" WHERE source = ?1", info->name);
	return add_ranges(comparing, pieces, &sql, error);
}

/* Named records by where they are mentioned: this source may not be the first to tell of them. An
 * id that the source gave stands for the piece; a name only for the main kind of both sources. */
static bool add_mentions(
	const struct comparing *comparing, struct pieces *pieces, bool count, struct error *error)
{
	struct statement *select = statement_open_text(comparing->file,
		"SELECT kind, record, start, \"end\", key FROM mention WHERE source = ?1", error);
	if (!select)
		return false;
	statement_bind_int(select, 1, pieces->source);
	enum statement_result result = STATEMENT_FAILED;
	bool added = true;
	while (added && !pieces->too_many &&
		(result = statement_step(select, error)) == STATEMENT_ROW) {
		int64_t id[2] = {statement_int(select, 0), statement_int(select, 1)};
		struct span key = statement_text(select, 4);
		struct piece piece = {.start = (uint64_t)statement_int(select, 2),
			.end = (uint64_t)statement_int(select, 3),
			.rank = BY_NOTHING};
		bool known = id[0] > KIND_NONE && id[0] < KIND_COUNT;
		/* An event of another source that this one tells of again is a row of both. */
		bool row = known && kind_info((enum kind)id[0])->large;
		if (count) {
			if (known && !row)
				pieces->told[id[0]]++;
			continue;
		}
		if (span_stated(key)) {
			piece.rank = BY_KEY;
			piece.identity = digest(comparing, 'k', key.data, key.length);
		} else if (row) {
			piece.rank = BY_BYTES;
		} else if (known && id[0] == (int64_t)comparing->main) {
			piece.rank = BY_NAME;
			piece.identity = digest(comparing, 'n', id, sizeof id);
		}
		added = goes_on(comparing, error) && add_piece(pieces, piece, error);
	}
	statement_close(select);
	return added && (pieces->too_many || result == STATEMENT_DONE);
}

/* By place, and what counts first. */
static int by_place(const void *a, const void *b)
{
	const struct piece *left = a, *right = b;
	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	return (int)left->rank - (int)right->rank;
}

/* What begins at one byte is one piece. */
static void merge(struct pieces *pieces)
{
	size_t kept = 0;
	if (pieces->count == 0)
		return;
	qsort(pieces->items, pieces->count, sizeof *pieces->items, by_place);
	for (size_t i = 1; i < pieces->count; i++) {
		struct piece *last = &pieces->items[kept], *piece = &pieces->items[i];
		if (piece->start != last->start)
			pieces->items[++kept] = *piece;
		else if (piece->end > last->end)
			last->end = piece->end;
	}
	pieces->count = kept + 1;
}

static bool collect(const struct comparing *comparing, struct pieces *pieces, struct error *error)
{
	if (!add_mentions(comparing, pieces, false, error))
		return false;
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++)
		if (!kind_info((enum kind)kind)->named &&
			!add_kind(comparing, pieces, (enum kind)kind, error))
			return false;
	merge(pieces);
	return true;
}

/* The kind that most rows of both name; of two alike the later one, which refers to the others. */
static bool choose_main(struct comparing *comparing, struct error *error)
{
	if (!add_mentions(comparing, &comparing->earlier, true, error) ||
		!add_mentions(comparing, &comparing->later, true, error))
		return false;
	int64_t most = 0;
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		int64_t told = comparing->earlier.told[kind] + comparing->later.told[kind];
		if (told > 0 && told >= most) {
			most = told;
			comparing->main = (enum kind)kind;
		}
	}
	return true;
}

/* ---- what they hold ---- */

struct window {
	struct buffer bytes;
	uint64_t start;
	uint64_t size; /* of the source */
};

static bool reading_goes_on(void *context, int64_t bytes)
{
	(void)bytes;
	return goes_on(context, NULL);
}

/* Bytes of a piece out of a window that moves on with the pieces. */
static bool piece_bytes(struct comparing *comparing, int64_t source, struct window *window,
	const struct piece *piece, struct span *bytes, struct error *error)
{
	const struct source_progress progress = {reading_goes_on, comparing};
	uint64_t end = piece->end < window->size ? piece->end : window->size;
	if (piece->start < window->start || end > window->start + window->bytes.length) {
		uint64_t until =
			piece->start + WINDOW < window->size ? piece->start + WINDOW : window->size;
		buffer_clear(&window->bytes);
		window->start = piece->start;
		if (!source_bytes(comparing->file, source, piece->start, until > end ? until : end,
			    &progress, &window->bytes, error))
			return false;
	}
	*bytes = span_slice(buffer_span(&window->bytes), (size_t)(piece->start - window->start),
		(size_t)(end - window->start));
	return true;
}

/* False with ERROR_USAGE, ERROR_INTEGRITY or the like when the bytes are not at hand. */
static bool read_content(struct comparing *comparing, struct pieces *pieces, struct error *error)
{
	struct source source = {0};
	struct window window = {0};
	if (!source_read(comparing->file, pieces->source, &source, error))
		return false;
	window.size = (uint64_t)source.size;
	source_free(&source);
	bool done = true;
	for (size_t i = 0; done && i < pieces->count; i++) {
		struct piece *piece = &pieces->items[i];
		struct span bytes;
		done = goes_on(comparing, error) &&
		       piece_bytes(comparing, pieces->source, &window, piece, &bytes, error);
		/* The end of a file's last line is no difference. */
		while (done && bytes.length > 0 &&
			(bytes.data[bytes.length - 1] == '\n' ||
				bytes.data[bytes.length - 1] == '\r'))
			bytes.length--;
		if (done)
			piece->content = digest(comparing, 'b', bytes.data, bytes.length);
	}
	buffer_free(&window.bytes);
	return done;
}

/* ---- holding them against each other ---- */

static int by_identity(const void *a, const void *b)
{
	const struct piece *left = a, *right = b;
	if (left->identity != right->identity)
		return left->identity < right->identity ? -1 : 1;
	return (left->content > right->content) - (left->content < right->content);
}

static size_t run_length(const struct pieces *pieces, size_t at)
{
	size_t end = at;
	while (end < pieces->count && pieces->items[end].identity == pieces->items[at].identity)
		end++;
	return end - at;
}

/* Pieces of one identity: as many as are alike are the same, the others changed by pairs. */
static void compare_runs(const struct piece *old, size_t old_count, const struct piece *new,
	size_t new_count, struct comparison *comparison)
{
	size_t i = 0, j = 0, same = 0;
	while (i < old_count && j < new_count) {
		if (old[i].content == new[j].content) {
			same++;
			i++;
			j++;
		} else if (old[i].content < new[j].content) {
			i++;
		} else {
			j++;
		}
	}
	size_t pairs = old_count < new_count ? old_count : new_count;
	comparison->same += (int64_t)same;
	comparison->changed += (int64_t)(pairs - same);
	comparison->gone += (int64_t)(old_count - pairs);
	comparison->added += (int64_t)(new_count - pairs);
}

/* Pieces with no identity are their bytes, or can't be told. */
static void settle(struct pieces *pieces, bool with_bytes, struct comparison *comparison)
{
	size_t kept = 0;
	for (size_t i = 0; i < pieces->count; i++) {
		struct piece piece = pieces->items[i];
		if (!with_bytes)
			piece.content = 0;
		else if (piece.identity == 0)
			piece.identity = piece.content;
		if (piece.identity == 0)
			comparison->unknown++;
		else
			pieces->items[kept++] = piece;
	}
	pieces->count = kept;
	if (kept > 0)
		qsort(pieces->items, kept, sizeof *pieces->items, by_identity);
}

static void hold_against(struct comparing *comparing, struct comparison *comparison)
{
	const struct pieces *old = &comparing->earlier, *new = &comparing->later;
	size_t i = 0, j = 0;
	while (i < old->count || j < new->count) {
		bool take_old =
			i < old->count &&
			(j == new->count || old->items[i].identity <= new->items[j].identity);
		bool take_new =
			j < new->count &&
			(i == old->count || new->items[j].identity <= old->items[i].identity);
		size_t old_count = take_old ? run_length(old, i) : 0;
		size_t new_count = take_new ? run_length(new, j) : 0;
		compare_runs(old->items + i, old_count, new->items + j, new_count, comparison);
		i += old_count;
		j += new_count;
	}
}

/* What is wrong with the bytes of a source is no reason not to say the rest. */
static bool read_both(
	struct comparing *comparing, struct comparison *comparison, struct error *error)
{
	struct error unread = {0};
	bool read = read_content(comparing, &comparing->earlier, &unread) &&
		    read_content(comparing, &comparing->later, &unread);
	comparison->without_bytes = !read;
	if (read || (unread.code != ERROR_MEMORY && unread.code != ERROR_CANCELLED))
		return true;
	if (error)
		*error = unread;
	return false;
}

static bool compare(struct comparing *comparing, struct comparison *comparison, struct error *error)
{
	if (!choose_main(comparing, error) || !collect(comparing, &comparing->earlier, error) ||
		!collect(comparing, &comparing->later, error))
		return false;
	comparison->too_many = comparing->earlier.too_many || comparing->later.too_many;
	if (comparison->too_many)
		return true;
	if (!read_both(comparing, comparison, error))
		return false;
	settle(&comparing->earlier, !comparison->without_bytes, comparison);
	settle(&comparing->later, !comparison->without_bytes, comparison);
	hold_against(comparing, comparison);
	return true;
}

bool compare_sources(const struct case_file *file, int64_t earlier, int64_t later,
	const atomic_bool *cancel, struct comparison *comparison, struct error *error)
{
	struct comparing comparing = {
		.file = file, .cancel = cancel, .earlier.source = earlier, .later.source = later};
	*comparison = (struct comparison){0};
	if (getrandom(comparing.salt, sizeof comparing.salt, 0) != (ssize_t)sizeof comparing.salt)
		return error_set_errno(error, "no random numbers");
	bool done = compare(&comparing, comparison, error);
	free(comparing.earlier.items);
	free(comparing.later.items);
	return done;
}

int64_t compare_earlier(
	const struct case_file *file, struct span name, int64_t id, struct error *error)
{
	/* Without an index: sources are few. */
	struct statement *select = statement_open_text(file,
		"SELECT coalesce(max(id), 0) FROM source"
		" WHERE name = ?1 AND state = 'ready' AND id <> ?2",
		error);
	if (!select)
		return -1;
	statement_bind_text(select, 1, name);
	statement_bind_int(select, 2, id);
	int64_t found =
		statement_step(select, error) == STATEMENT_ROW ? statement_int(select, 0) : -1;
	statement_close(select);
	return found;
}
