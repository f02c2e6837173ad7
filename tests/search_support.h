/* What the tests of search share: text that is hard to search, from a seed, and one search held
 * against the plain one, cell by cell. */
#ifndef TESTS_SEARCH_SUPPORT_H
#define TESTS_SEARCH_SUPPORT_H

#include "case_support.h"

#include "base/memory.h"
#include "search/postings.h"
#include "search/search.h"

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
	PIECE("Ａ"),
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

/* Some pieces, as often none; now and then a great many. */
static inline void dice_text(struct dice *dice, struct buffer *out)
{
	unsigned count = dice_below(dice, 8);
	if (count == 7 && dice_below(dice, 400) == 0)
		count = 20000;
	for (unsigned i = 0; i < count; i++)
		buffer_add_span(
			out, dice_pieces[dice_below(dice, (unsigned)ARRAY_LENGTH(dice_pieces))]);
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

/* Everything that a search says, one after the other. */
struct said {
	struct buffer hits; /* without undecided ones */
	struct buffer records;
	struct search_totals totals;
	int64_t limit; /* hits after which it is stopped; 0: none */
	int64_t taken;
};

static inline bool said_hit(void *context, const struct search_hit *hit)
{
	struct said *said = context;
	if (hit->undecided)
		return true;
	buffer_add_format(&said->hits,
		"%s:%lld:%d:%.*s:%zu-%zu:%zu:", kind_info(hit->id.kind)->name,
		(long long)hit->id.id, hit->field, (int)hit->field_name.length,
		hit->field_name.data, hit->range.start, hit->range.end, hit->text.length);
	/* The whole of a huge cell would be most of what is compared. */
	buffer_add_span(&said->hits, span_slice(hit->text, 0, 200));
	buffer_add_byte(&said->hits, '\n');
	return ++said->taken != said->limit;
}

static inline bool said_record(void *context, struct record_id id, bool matched)
{
	struct said *said = context;
	buffer_add_format(&said->records, "%d:%lld:%d\n", id.kind, (long long)id.id, matched);
	return true;
}

static inline void said_free(struct said *said)
{
	buffer_free(&said->hits);
	buffer_free(&said->records);
}

struct held {
	struct pattern_options options;
	bool by_record;
	int threads;
};

static inline void said_run(struct test_case *test, const struct pattern *pattern,
	const struct held *held, bool plain, struct said *said)
{
	struct search_request request = {.pattern = pattern,
		.hit = said_hit,
		.record = held->by_record ? said_record : NULL,
		.context = said,
		.plain = plain,
		.threads = held->threads};
	WORKS(test, search_run(test->file, &request, &said->totals, &test->error));
}

/* The search and the plain one say the same. A cell that the plain one left undecided may be
 * decided by what it lacks, never by a match that is none: such patterns are passed over. False
 * when the pattern does not compile. */
static inline bool same_as_plain(struct test_case *test, struct span text, const struct held *held)
{
	struct error error = {0};
	struct pattern *pattern = pattern_compile(text, &held->options, &error);
	if (!pattern)
		return false;
	struct said plain = {0}, quick = {0};
	said_run(test, pattern, held, true, &plain);
	said_run(test, pattern, held, false, &quick);
	bool same = plain.totals.undecided > 0 ||
		    (span_equal(buffer_span(&plain.hits), buffer_span(&quick.hits)) &&
			    span_equal(buffer_span(&plain.records), buffer_span(&quick.records)) &&
			    plain.totals.cells == quick.totals.cells &&
			    plain.totals.records == quick.totals.records &&
			    plain.totals.hits == quick.totals.hits &&
			    plain.totals.hit_records == quick.totals.hit_records);
	if (!same)
		print_error("/%.*s/ letters %d literal %d word %d whole %d: %lld hits, not %lld; "
			    "%lld cells, not %lld\n",
			(int)text.length, text.data, held->options.letters, held->options.literal,
			held->options.word, held->options.whole_cell, (long long)quick.totals.hits,
			(long long)plain.totals.hits, (long long)quick.totals.cells,
			(long long)plain.totals.cells);
	said_free(&plain);
	said_free(&quick);
	pattern_free(pattern);
	assert_true(same);
	return true;
}

#endif
