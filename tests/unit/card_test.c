/* Cards: lines, labels that are long, and a pattern looked for in what is said. */
#include "base/compiler.h"
#include "base/text.h"
#include "cmocka_all.h"
#include "explore/card.h"
#include "search/pattern.h"

#include <string.h>

static const struct record_id nowhere = {KIND_NONE, 0};

static struct card new_card(int width)
{
	struct card card = {0};
	card_begin(&card, width, 10, false);
	return card;
}

static struct card_found find(struct card *card, const char *text)
{
	struct error error;
	struct card_found found;
	struct pattern_options options = {.letters = PATTERN_CASE_SMART};
	struct match_limits limits = {0};
	struct pattern *pattern = pattern_compile(span_string(text), &options, &error);
	assert_non_null(pattern);
	struct matcher *matcher = matcher_new(pattern, &limits, &error);
	assert_non_null(matcher);
	assert_true(card_find(card, matcher, &found));
	matcher_free(matcher);
	pattern_free(pattern);
	return found;
}

/* A hit is one whatever the lines are broken at, and lit on each of them. */
static void hits_cross_lines(void **state)
{
	(void)state;
	for (int width = 12; width < 60; width++) {
		struct card card = new_card(width);
		card_add_string(&card, "one", "a server and another server stand here", CARD_PLAIN);
		card_add_string(&card, "two", "no such thing", CARD_PLAIN);
		struct card_found found = find(&card, "another server|no");
		assert_int_equal(found.hits, 2);
		assert_int_equal(found.passages, 2);
		assert_int_equal(found.undecided, 0);
		size_t lit = 0;
		int begun = 0;
		for (int64_t i = 0; i < card.count; i++) {
			begun += card.lines[i].hit;
			for (int k = 0; k < card.lines[i].lit_count; k++)
				lit += card.lines[i].lit[k].end - card.lines[i].lit[k].start;
		}
		assert_int_equal(begun, 2);
		assert_int_equal(lit, strlen("another server") + strlen("no"));
		card_free(&card);
	}
}

/* An empty match is a hit on its line; a pattern is not matched across passages. */
static void empty_matches_and_passages(void **state)
{
	(void)state;
	struct card card = new_card(40);
	card_add_string(&card, "one", "first", CARD_PLAIN);
	card_blank(&card);
	card_add_string(&card, "two", "second", CARD_PLAIN);
	assert_int_equal(find(&card, "^").hits, 2);
	assert_int_equal(find(&card, "first.*second").hits, 0);
	bool wrapped;
	assert_int_equal(card_next_hit(&card, 0, false, &wrapped), -1);
	assert_int_equal(find(&card, "s").hits, 2);
	assert_int_equal(card_next_hit(&card, 0, false, &wrapped), 2);
	assert_false(wrapped);
	assert_int_equal(card_next_hit(&card, 2, false, &wrapped), 0);
	assert_true(wrapped);
	assert_int_equal(card_next_hit(&card, 2, true, &wrapped), 0);
	assert_false(wrapped);
	card_free(&card);
}

/* A label is never cut while there is room: the text makes way, to the next line if need be. */
static void labels_are_whole(void **state)
{
	(void)state;
	struct card card = new_card(60);
	card_add(&card, "short", span_string("text"), CARD_PLAIN, nowhere, 0);
	card_add(&card, "extra.action.variety", span_string("text"), CARD_PLAIN, nowhere, 0);
	card_add(&card, "extra.attribute.confidentiality.data[0].variety", span_string("text"),
		CARD_PLAIN, nowhere, 0);
	assert_int_equal(card.count, 4);
	assert_int_equal(card.lines[0].indent, 10);
	assert_int_equal(card.lines[1].indent, strlen("extra.action.variety") + 2);
	assert_int_equal(card.lines[2].text.end - card.lines[2].text.start, 0);
	assert_int_equal(card.lines[3].indent, 10);
	assert_int_equal(card.lines[3].label.end, 0);
	card_free(&card);
}

/* In ASCII a character may take many columns; the lines still hold all of the text. */
static void lines_hold_all_in_ascii(void **state)
{
	(void)state;
	struct card card = {0};
	card_begin(&card, 40, 10, true);
	card_add_string(&card, "site", "鎌倉 の 情報技術総合研究所", CARD_PLAIN);
	assert_true(card.count >= 4);
	for (int64_t i = 0; i < card.count; i++) {
		struct range text = card.lines[i].text;
		assert_true(text_width(span_slice(buffer_span(&card.text), text.start, text.end),
				    true) <= 30);
	}
	card_free(&card);
}

/* A card that does not say all, for want of memory, goes on being one. */
static void a_failure_is_kept(void **state)
{
	(void)state;
	struct card card = new_card(40);
	card.failed = true;
	card_add_string(&card, "one", "first", CARD_PLAIN);
	assert_true(card.failed);
	card.width = 5; /* less than the labels: nothing is added */
	card_add_string(&card, "two", "second", CARD_PLAIN);
	assert_true(card.failed);
	card_begin(&card, 40, 10, false);
	assert_false(card.failed);
	card_free(&card);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hits_cross_lines),
		cmocka_unit_test(empty_matches_and_passages),
		cmocka_unit_test(labels_are_whole),
		cmocka_unit_test(lines_hold_all_in_ascii),
		cmocka_unit_test(a_failure_is_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
