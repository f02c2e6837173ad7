/* What the tests of search share: text that is hard to search, from a seed, and one search held
 * against the plain one, cell by cell. */
#ifndef TESTS_SEARCH_SUPPORT_H
#define TESTS_SEARCH_SUPPORT_H

#include "case_support.h"

#include "base/memory.h"
#include "search/postings.h"
#include "search/search.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

struct dice {
	uint64_t state;
};

static inline uint64_t dice_draw(struct dice *dice)
{
	uint64_t number = dice->state += 0x9e3779b97f4a7c15u;
	number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9u;
	number = (number ^ (number >> 27)) * 0x94d049bb133111ebu;
	return number ^ (number >> 31);
}

static inline unsigned dice_below(struct dice *dice, unsigned end)
{
	return (unsigned)(dice_draw(dice) % end);
}

static const struct span dice_pieces[] = {
#define PIECE(text)                    \
	{                              \
		text, sizeof(text) - 1 \
	}
	PIECE("a"),
	PIECE("b"),
	PIECE("A"),
	PIECE("foo"),
	PIECE("bar"),
	PIECE("Foo"),
	PIECE("foobar"),
	PIECE(" "),
	PIECE("  "),
	PIECE("\t"),
	PIECE("\n"),
	PIECE("\r\n"),
	PIECE("\r"),
	PIECE("0"),
	PIECE("12345"),
	PIECE("10.2.3.4"),
	PIECE("powershell.exe"),
	PIECE(".ps1"),
	PIECE("deadbeef"),
	PIECE("DEADBEEF0123"),
	PIECE("鎌倉"),
	PIECE("製作所"),
	PIECE("情報技術"),
	PIECE("é"),
	PIECE("e\xcc\x81"),
	PIECE("ß"),
	PIECE("ς"),
	PIECE("σ"),
	PIECE("Σ"),
	PIECE("İ"),
	PIECE("ı"),
	PIECE("K"),
	PIECE("ſ"),
	PIECE("\xe2\x84\xaa"),
	PIECE("ẞ"),
	PIECE("Ａ"),
	PIECE("ａ"),
	PIECE("\xc2\xb5"),
	PIECE("μ"),
	PIECE("ǆ"),
	PIECE("ǅ"),
	PIECE("i"),
	PIECE("I"),
	PIECE("\xff"),
	PIECE("\xe4\xb8"),
	PIECE("\xc0\x80"),
	PIECE("\0"),
	PIECE("\0\0"),
	PIECE("\x1a"),
	PIECE("\x1b[31m"),
	PIECE("\xe2\x80\xae"),
	PIECE("\xe2\x80\xa8"),
	PIECE("\xc2\x85"),
	PIECE("👩‍💻"),
	PIECE("_"),
	PIECE("-"),
	PIECE("x"),
	PIECE("aaaaaaaa"),
	PIECE("<script>"),
	PIECE("'; DROP TABLE"),
	PIECE("\\"),
	PIECE("/"),
	PIECE("C:\\Users\\Public"),
	PIECE("the quick brown fox"),
	PIECE("k"),
	PIECE("s"),
	PIECE("z"),
	PIECE("\x7f"),
	PIECE("\x0b"),
	PIECE("\x0c"),
	PIECE("\xed\xa0\x80"),
	PIECE("\xf4\x90\x80\x80"),
#undef PIECE
};

/* Some pieces, as often none; now and then many, or a great many. */
static inline void dice_text(struct dice *dice, struct buffer *out)
{
	unsigned count = dice_below(dice, 8);
	if (count == 7 && dice_below(dice, 400) == 0)
		count = 20000;
	else if (count == 7 && dice_below(dice, 20) == 0)
		count = 400;
	for (unsigned i = 0; i < count; i++)
		buffer_add_span(
			out, dice_pieces[dice_below(dice, (unsigned)ARRAY_LENGTH(dice_pieces))]);
	/* What few blocks have, so that an index has something to rule out. */
	if (dice_below(dice, 6) == 0)
		buffer_add_format(out, dice_below(dice, 2) ? "~%llx" : "~%llX",
			(unsigned long long)dice_draw(dice) >> (20 + dice_below(dice, 28)));
}

/* Events with such texts in some fields; their fields do not stand in the order of the kind. */
static inline void dice_events(
	struct test_case *test, struct writer *writer, struct dice *dice, int count)
{
	static const char *const names[] = {"extra.zz", "message", "action", "aa", "Severity"};
	struct buffer texts[ARRAY_LENGTH(names)] = {0};
	for (int i = 0; i < count; i++) {
		struct draft draft = DRAFT(KIND_EVENT);
		struct draft_cell cells[ARRAY_LENGTH(names)];
		draft.cells = cells;
		for (size_t j = 0; j < ARRAY_LENGTH(names); j++) {
			if (dice_below(dice, 4) == 0)
				continue;
			buffer_clear(&texts[j]);
			dice_text(dice, &texts[j]);
			struct span name = span_string(names[j]);
			cells[draft.cell_count++] =
				(struct draft_cell){.field = kind_field_find(KIND_EVENT, name),
					.name = name,
					.text = buffer_span(&texts[j])};
		}
		int64_t id;
		WORKS(test, writer_record(writer, &draft, &id, NULL, &test->error));
	}
	for (size_t j = 0; j < ARRAY_LENGTH(names); j++)
		buffer_free(&texts[j]);
}

/* ---- the oracle ----
 *
 * PCRE2 by itself on every cell, with none of the code of search: what a hit is, as the design has
 * it. Compiled without callouts, matched without a clock. */

struct oracle_cell {
	struct record_id id;
	int field;
	struct span name; /* as printed */
	struct span text;
	struct span image;
	size_t record; /* how many came before it */
};

struct oracle {
	struct oracle_cell *cells;
	size_t count, capacity;
	struct record_id *records;
	size_t record_count, record_capacity;
	pcre2_code *code;
	pcre2_code *jit; /* NULL when JIT refuses it */
	bool anchored;
	pcre2_match_data *data;
	pcre2_match_context *few, *many; /* steps */
	/* What was held against it so far. */
	int64_t patterns, hits, undecided;
};

/* Bytes of the UTF-8 character here, 0 when it is none: by decoding it and encoding it again. */
static inline size_t oracle_character(struct span text)
{
	const unsigned char *at = (const unsigned char *)text.data;
	size_t length = at[0] < 0x80 ? 1 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	uint32_t code = length == 1 ? at[0] : at[0] & (0xffU >> (length + 1));
	if ((at[0] & 0xc0) == 0x80 || at[0] > 0xf7 || length > text.length)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (at[i] & 0x3f);
	}
	bool surrogate = code >= 0xd800 && code <= 0xdfff;
	return code < least[length] || code > 0x10ffff || surrogate ? 0 : length;
}

static inline struct span oracle_image(struct span text)
{
	char *image = memory_copy(text.data, text.length);
	assert_non_null(image);
	for (size_t at = 0; at < text.length;) {
		size_t length = oracle_character(span_slice(text, at, text.length));
		if (length == 0 || text.data[at] == '\0')
			image[at] = '\x1a';
		at += length > 0 ? length : 1;
	}
	return span_of(image, text.length);
}

static inline void oracle_add(struct oracle *oracle, const struct record *record)
{
	oracle->records = memory_grow(oracle->records, &oracle->record_capacity,
		oracle->record_count + 1, sizeof *oracle->records);
	assert_non_null(oracle->records);
	for (int i = 0; i < record->cell_count; i++) {
		const struct cell *cell = &record->cells[i];
		struct buffer name = {0};
		if (cell->field == CELL_EXTRA)
			buffer_add_string(&name, "extra.");
		buffer_add_span(&name, cell->name);
		oracle->cells = memory_grow(
			oracle->cells, &oracle->capacity, oracle->count + 1, sizeof *oracle->cells);
		assert_true(oracle->cells && !buffer_failed(&name));
		oracle->cells[oracle->count++] = (struct oracle_cell){.id = record->id,
			.field = cell->field,
			.name = buffer_span(&name),
			.text = span_of(
				memory_copy(cell->text.data, cell->text.length), cell->text.length),
			.image = oracle_image(cell->text),
			.record = oracle->record_count};
	}
	oracle->records[oracle->record_count++] = record->id;
}

/* All cells as they are now, in the order of a search. Free with oracle_free. */
static inline void oracle_load(struct test_case *test, struct oracle *oracle)
{
	struct record record = {0};
	struct record_reader *reader;
	*oracle = (struct oracle){0};
	WORKS(test, reader = record_reader_open(test->file, &test->error));
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++)
		for (int64_t after = 0; record_next(reader, (enum kind)kind, after, &record,
						&test->error) == RECORD_FOUND;
			after = record.id.id)
			oracle_add(oracle, &record);
	record_free(&record);
	record_reader_close(reader);
	oracle->data = pcre2_match_data_create(1, NULL);
	oracle->few = pcre2_match_context_create(NULL);
	oracle->many = pcre2_match_context_create(NULL);
	assert_true(oracle->data && oracle->few && oracle->many);
	pcre2_set_match_limit(oracle->few, 100000);
	pcre2_set_match_limit(oracle->many, 1000000);
}

static inline void oracle_free(struct oracle *oracle)
{
	for (size_t i = 0; i < oracle->count; i++) {
		free((char *)oracle->cells[i].name.data);
		free((char *)oracle->cells[i].text.data);
		free((char *)oracle->cells[i].image.data);
	}
	free(oracle->cells);
	free(oracle->records);
	pcre2_code_free(oracle->code);
	pcre2_code_free(oracle->jit);
	pcre2_match_data_free(oracle->data);
	pcre2_match_context_free(oracle->few);
	pcre2_match_context_free(oracle->many);
}

static inline pcre2_code *oracle_code(struct span text, uint32_t options)
{
	int error;
	size_t offset;
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	assert_non_null(context);
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)(text.data ? text.data : ""), text.length,
		options, &error, &offset, context);
	pcre2_compile_context_free(context);
	return code;
}

/* A literal pattern as one that is none: each character by its number. */
static inline void oracle_spell(struct span text, struct buffer *out)
{
	for (size_t at = 0; at < text.length;) {
		uint32_t code;
		size_t length = text_decode(text.data + at, text.length - at, &code);
		assert_true(length > 0);
		buffer_add_format(out, "\\x{%x}", code);
		at += length;
	}
}

/* False when the oracle does not know how to: a word behind verbs that stand before a pattern. */
static inline bool oracle_compile(
	struct oracle *oracle, struct span text, const struct pattern_options *asked, bool caseless)
{
	static const char *const ends[] = {"\\E)", "\\E\n)"};
	uint32_t options = PCRE2_UTF | PCRE2_UCP | (caseless ? PCRE2_CASELESS : 0) |
			   (asked->whole_cell ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0);
	struct buffer spelt = {0}, word = {0};
	pcre2_code_free(oracle->code);
	pcre2_code_free(oracle->jit);
	oracle->code = oracle->jit = NULL;
	oracle->anchored = asked->whole_cell;
	if (asked->literal)
		oracle_spell(text, &spelt);
	else
		buffer_add_span(&spelt, text);
	if (!asked->word)
		oracle->code = oracle_code(buffer_span(&spelt), options);
	else if (spelt.length < 2 || memcmp(spelt.data, "(*", 2) != 0)
		for (size_t i = 0; i < ARRAY_LENGTH(ends) && !oracle->code; i++) {
			buffer_clear(&word);
			buffer_add_string(&word, "(?<!\\w)(?:");
			buffer_add_span(&word, buffer_span(&spelt));
			buffer_add_string(&word, ends[i]);
			buffer_add_string(&word, "(?!\\w)");
			oracle->code = oracle_code(buffer_span(&word), options);
		}
	buffer_free(&spelt);
	buffer_free(&word);
	if (!oracle->code)
		return false;
	oracle->jit = pcre2_code_copy(oracle->code);
	if (oracle->jit && pcre2_jit_compile(oracle->jit, PCRE2_JIT_COMPLETE) != 0) {
		pcre2_code_free(oracle->jit);
		oracle->jit = NULL;
	}
	return true;
}

static inline enum match_result oracle_match(const struct oracle *oracle,
	const struct oracle_cell *cell, const pcre2_code *code, pcre2_match_context *context,
	struct range *range)
{
	/* PCRE2 checks that the image is UTF-8. */
	int result = pcre2_match(code, (PCRE2_SPTR)cell->image.data, cell->image.length, 0, 0,
		oracle->data, context);
	if (result < PCRE2_ERROR_NOMATCH)
		return MATCH_UNDECIDED;
	const size_t *bounds = pcre2_get_ovector_pointer(oracle->data);
	/* JIT of 10.42 goes on from (*SKIP) in an anchored pattern. */
	if (result < 0 || (oracle->anchored && pcre2_get_startchar(oracle->data) > 0))
		return MATCH_NO;
	*range = (struct range){bounds[0] < bounds[1] ? bounds[0] : bounds[1], bounds[1]};
	return MATCH_YES;
}

/* Whether PCRE2 says this of a cell as well: its interpreter or, since they differ here and there
 * (10.42 does not go back into recursion, in the interpreter), its JIT. */
static inline bool oracle_says(const struct oracle *oracle, const struct oracle_cell *cell,
	enum match_result result, struct range hit)
{
	const struct {
		const pcre2_code *code;
		pcre2_match_context *context;
	} ways[] = {{oracle->code, oracle->few}, {oracle->jit, oracle->many}};
	for (size_t i = 0; i < ARRAY_LENGTH(ways) && ways[i].code; i++) {
		struct range range = {0};
		enum match_result own =
			oracle_match(oracle, cell, ways[i].code, ways[i].context, &range);
		bool same =
			own == result &&
			(result == MATCH_NO || (range.start == hit.start && range.end == hit.end));
		if (same || (own == MATCH_UNDECIDED && (i > 0 || !oracle->jit)))
			return true;
	}
	return false;
}

/* ---- a search, held against it ---- */

struct held {
	struct pattern_options options;
	bool by_record;
	bool records_only;
	int threads;
	enum kind kind; /* KIND_NONE: all */
	int64_t limit;  /* hits after which it is stopped; 0: none */
};

struct holding {
	const struct oracle *oracle;
	const struct held *held;
	size_t cell;   /* those before were said, or were none */
	size_t record; /* those before were told */
	int64_t hits, undecided, hit_records;
	struct record_id last; /* record with a hit */
	struct buffer wrong;   /* the first thing that is */
};

static inline bool holding_wrong(
	struct holding *holding, const struct oracle_cell *cell, const char *what)
{
	if (holding->wrong.length > 0)
		return false;
	buffer_add_string(&holding->wrong, what);
	if (cell) {
		buffer_add_format(&holding->wrong, ": %s:%lld:%.*s [",
			kind_info(cell->id.kind)->name, (long long)cell->id.id,
			(int)cell->name.length, cell->name.data);
		text_visible(&holding->wrong, span_slice(cell->image, 0, 300), false);
		buffer_add_format(&holding->wrong, "] of %zu bytes", cell->image.length);
	}
	return false;
}

static inline bool holding_asks(const struct holding *holding, struct record_id id)
{
	return holding->held->kind == KIND_NONE || holding->held->kind == id.kind;
}

/* The cell at hand was not said: it is no hit. */
static inline bool holding_pass(struct holding *holding)
{
	const struct oracle_cell *cell = &holding->oracle->cells[holding->cell++];
	return !holding_asks(holding, cell->id) ||
	       oracle_says(holding->oracle, cell, MATCH_NO, (struct range){0}) ||
	       holding_wrong(holding, cell, "a hit is missing");
}

static inline bool holding_is(
	const struct holding *holding, const struct oracle_cell *cell, const struct search_hit *hit)
{
	return record_id_equal(cell->id, hit->id) && cell->field == hit->field &&
	       span_equal(cell->name, hit->field_name) &&
	       (holding->held->records_only ? !span_stated(hit->text)
					    : span_equal(cell->text, hit->text));
}

/* A record that matches, of which a search for records says one cell and passes the others. */
static inline bool holding_one(struct holding *holding, const struct search_hit *hit)
{
	const struct oracle *oracle = holding->oracle;
	bool known = false;
	while (holding->cell < oracle->count &&
		!record_id_equal(oracle->cells[holding->cell].id, hit->id))
		if (!holding_pass(holding))
			return false;
	for (; holding->cell < oracle->count; holding->cell++) {
		const struct oracle_cell *cell = &oracle->cells[holding->cell];
		if (!record_id_equal(cell->id, hit->id))
			break;
		known |= holding_asks(holding, cell->id) && holding_is(holding, cell, hit) &&
			 oracle_says(oracle, cell, MATCH_YES, hit->range);
	}
	if (!known)
		return holding_wrong(holding, NULL, "a record that does not match so");
	holding->hit_records++;
	holding->last = hit->id;
	return ++holding->hits != holding->held->limit;
}

static inline bool holding_hit(void *context, const struct search_hit *hit)
{
	struct holding *holding = context;
	const struct oracle *oracle = holding->oracle;
	if (holding->held->records_only && !hit->undecided)
		return holding_one(holding, hit);
	while (holding->cell < oracle->count &&
		!holding_is(holding, &oracle->cells[holding->cell], hit))
		if (!holding_pass(holding))
			return false;
	if (holding->cell == oracle->count)
		return holding_wrong(holding, NULL, "a hit in no cell, or out of order");
	const struct oracle_cell *cell = &oracle->cells[holding->cell++];
	if (!holding_asks(holding, cell->id))
		return holding_wrong(holding, cell, "a hit that was not asked for");
	if (hit->undecided) {
		holding->undecided++;
		return true;
	}
	if (!oracle_says(oracle, cell, MATCH_YES, hit->range))
		return holding_wrong(holding, cell, "a hit that is none, or another one");
	holding->hit_records += !record_id_equal(holding->last, hit->id);
	holding->last = hit->id;
	return ++holding->hits != holding->held->limit;
}

static inline bool holding_record(void *context, struct record_id id, bool matched)
{
	struct holding *holding = context;
	const struct oracle *oracle = holding->oracle;
	while (holding->record < oracle->record_count &&
		!holding_asks(holding, oracle->records[holding->record]))
		holding->record++;
	if (holding->record == oracle->record_count ||
		!record_id_equal(oracle->records[holding->record], id))
		return holding_wrong(holding, NULL, "a record that is not the next one");
	while (holding->cell < oracle->count &&
		oracle->cells[holding->cell].record <= holding->record)
		if (!holding_pass(holding))
			return false;
	holding->record++;
	return matched == record_id_equal(holding->last, id) ||
	       holding_wrong(holding, NULL, "a record that matches, or does not");
}

/* Everything at the end of a search that was not stopped. */
static inline bool holding_end(struct holding *holding, const struct search_totals *totals)
{
	const struct oracle *oracle = holding->oracle;
	int64_t cells = 0, records = 0, told = 0;
	while (holding->cell < oracle->count)
		if (!holding_pass(holding))
			return false;
	for (size_t i = 0; i < oracle->count; i++)
		cells += holding_asks(holding, oracle->cells[i].id);
	for (size_t i = 0; i < oracle->record_count; i++) {
		records += holding_asks(holding, oracle->records[i]);
		told += i < holding->record && holding_asks(holding, oracle->records[i]);
	}
	if (holding->held->by_record && told != records)
		return holding_wrong(holding, NULL, "records were not told");
	return (totals->complete && totals->cells == cells && totals->records == records &&
		       totals->hits == holding->hits && totals->undecided == holding->undecided &&
		       totals->hit_records == holding->hit_records) ||
	       holding_wrong(holding, NULL, "totals are not the sums");
}

/* The search says of every cell what the oracle says, or that it is undecided. False when the
 * pattern does not compile. */
static inline bool same_as_oracle(
	struct test_case *test, struct oracle *oracle, struct span text, const struct held *held)
{
	struct error error = {0};
	struct pattern *pattern = pattern_compile(text, &held->options, &error);
	bool compiled = pattern != NULL;
	if (!compiled ||
		!oracle_compile(oracle, text, &held->options, pattern_ignores_case(pattern))) {
		pattern_free(pattern);
		return compiled;
	}
	struct holding holding = {.oracle = oracle, .held = held};
	struct search_totals totals;
	struct search_request request = {.pattern = pattern,
		.kind = held->kind,
		.hit = holding_hit,
		.record = held->by_record ? holding_record : NULL,
		.records_only = held->records_only,
		.context = &holding,
		.threads = held->threads};
	WORKS(test, search_run(test->file, &request, &totals, &test->error));
	oracle->patterns++;
	oracle->hits += holding.hits;
	oracle->undecided += holding.undecided;
	bool stopped = held->limit > 0 && holding.hits == held->limit;
	bool good = holding.wrong.length == 0 &&
		    (stopped ? !totals.complete && totals.hits == held->limit
			     : holding_end(&holding, &totals));
	if (!good)
		print_error("/%.*s/ letters %d literal %d word %d whole %d kind %d limit %lld "
			    "records %d:\n%.*s\n",
			(int)text.length, text.data, held->options.letters, held->options.literal,
			held->options.word, held->options.whole_cell, held->kind,
			(long long)held->limit, held->records_only, (int)holding.wrong.length,
			holding.wrong.data ? holding.wrong.data : "");
	buffer_free(&holding.wrong);
	pattern_free(pattern);
	assert_true(good);
	return true;
}

#endif
