/* A session over the bundled case without a terminal: keys at random, sizes at random, and a
 * picture after each. EXAMPLE names the case; else it is looked for in BUILD. */
#include "cmocka_all.h"

#include "../../tui/explore/places.h"
#include "base/text.h"
#include "explore/commands.h"
#include "explore/session.h"
#include "view/view.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* KEYS in the environment asks for another number. */
#define KEYS 600
/* Jobs come and go all the time; now and then they get to end. */
#define IDLE_EVERY 64
#define DEADLINE_MS 20000

static unsigned long long seed = 20200120;

static unsigned draw_number(unsigned below)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(seed >> 33) % below;
}

static const char *example(void)
{
	static char path[4096];
	const char *build = getenv("BUILD");
	if (getenv("EXAMPLE"))
		return getenv("EXAMPLE");
	snprintf(path, sizeof path, "%s/mitsubishi-electric-2020.breach", build ? build : "build");
	return path;
}

static struct session *begin(void)
{
	struct error error = {0};
	if (access(example(), R_OK) != 0) {
		print_message("%s is not here: skipped\n", example());
		skip();
	}
	struct case_file *file =
		case_open(example(), &(struct case_options){.mode = CASE_READ}, &error);
	if (!file)
		fail_msg("%s", error.message);
	struct session *session = session_new(file, &(struct session_options){0}, &error);
	if (!session)
		fail_msg("%s", error.message);
	return session;
}

static void settle(struct session *session)
{
	while (!session_idle(session)) {
		struct pollfd woken = {.fd = session_wake_fd(session), .events = POLLIN};
		assert_int_equal(poll(&woken, 1, DEADLINE_MS), 1);
		session_wake(session);
		session_refresh(session);
	}
}

/* A canvas holds what may be shown, whole clusters, and a cursor inside or none. */
static void check_canvas(const struct canvas *canvas)
{
	assert_in_range(canvas->cursor_x + 1, 0, canvas->width);
	assert_in_range(canvas->cursor_y + 1, 0, canvas->height);
	for (int y = 0; y < canvas->height; y++)
		for (int x = 0; x < canvas->width; x++) {
			const struct canvas_cell *cell = &canvas->cells[y * canvas->width + x];
			const struct span text = span_string(cell->bytes);
			assert_true(cell->style < STYLE_COUNT);
			assert_int_equal(text_invalid_at(text), text.length);
			if (cell->width == 0) {
				assert_true(x > 0 && cell[-1].width == 2 && text.length == 0);
				continue;
			}
			assert_true((unsigned char)text.data[0] >= ' ' && text.data[0] != 0x7f);
			assert_true(x + cell->width <= canvas->width);
		}
}

static void picture(struct session *session, struct canvas *canvas, bool look)
{
	canvas_clear(canvas);
	view_draw(session, canvas);
	assert_in_range(canvas->cursor_x + 1, 0, canvas->width);
	assert_in_range(canvas->cursor_y + 1, 0, canvas->height);
	if (look)
		check_canvas(canvas);
}

static void size(struct session *session, struct canvas *canvas)
{
	static const int sizes[][2] = {{80, 24}, {120, 36}, {40, 12}, {200, 50}, {39, 11}, {1, 1},
		{400, 120}, {64, 13}, {100, 12}, {40, 100}};
	const unsigned pick = draw_number(2 * ARRAY_LENGTH(sizes));
	const int width = pick < ARRAY_LENGTH(sizes) ? sizes[pick][0] : 1 + (int)draw_number(130);
	const int height = pick < ARRAY_LENGTH(sizes) ? sizes[pick][1] : 1 + (int)draw_number(40);
	assert_true(canvas_resize(canvas, width, height));
	session_resize(session, canvas->width, canvas->height);
	session_refresh(session);
}

/* The keys of a command out of the table, or any key at all. */
static int random_keys(key_code keys[8])
{
	int count = 0, commands;
	const struct command *table = command_table(&commands);
	const unsigned way = draw_number(10);
	if (way < 7) {
		const char *text = table[draw_number((unsigned)commands)].keys;
		struct span rest = span_string(text);
		for (size_t at = 0; at < rest.length && rest.data[at] != ' ' && count < 8;)
			assert_true(key_parse(rest, &at, &keys[count++]));
		return count;
	}
	keys[0] = way == 7   ? 'a' + draw_number(26)
		  : way == 8 ? 1 + draw_number(0x2ff)
			     : KEY_CODE_SPECIAL + draw_number(40);
	return 1;
}

static void keys_at_random_do_no_harm(void **state)
{
	(void)state;
	struct session *session = begin();
	struct canvas canvas = {0};
	size(session, &canvas);
	int ended = 0;
	const int wanted = getenv("KEYS") ? atoi(getenv("KEYS")) : KEYS;
	for (int typed = 0; typed < wanted;) {
		key_code keys[8];
		const int count = random_keys(keys);
		for (int i = 0; i < count; i++, typed++) {
			if (!session_key(session, keys[i])) {
				ended++;
				session_free(session);
				session = begin();
				session_resize(session, canvas.width, canvas.height);
			}
			session_refresh(session);
			picture(session, &canvas, typed % 16 == 0);
		}
		const unsigned chance = draw_number(IDLE_EVERY);
		if (chance == 0)
			settle(session);
		if (chance == 1)
			size(session, &canvas);
		session_wake(session);
		session_refresh(session);
		picture(session, &canvas, chance < 2);
	}
	print_message("%d keys, left %d times\n", wanted, ended);
	settle(session);
	picture(session, &canvas, true);
	canvas_free(&canvas);
	session_free(session);
}

/* Whatever was opened, enough Esc and q lead back to a board with a cursor on it. */
static void there_is_always_a_way_back(void **state)
{
	(void)state;
	struct session *session = begin();
	struct canvas canvas = {0};
	assert_true(canvas_resize(&canvas, 80, 24));
	session_resize(session, 80, 24);
	for (int round = 0; round < 8; round++) {
		for (int i = 0; i < 20; i++) {
			key_code keys[8];
			const int count = random_keys(keys);
			for (int k = 0; k < count; k++)
				if (!session_key(session, keys[k]))
					session->quit = false;
			session_refresh(session);
		}
		static const key_code back[] = {KEY_CODE_PASTE_END, KEY_CODE_ESCAPE,
			KEY_CODE_ESCAPE, KEY_CODE_ESCAPE, 'g', 'b'};
		for (size_t i = 0; i < ARRAY_LENGTH(back); i++)
			assert_true(session_key(session, back[i]));
		session_refresh(session);
		settle(session);
		assert_int_equal(session_place(session)->type, PLACE_PANES);
		assert_int_equal(session_place(session)->list_count, 3);
		picture(session, &canvas, true);
		assert_true(canvas.cursor_x >= 0 && canvas.cursor_y >= 0);
	}
	canvas_free(&canvas);
	session_free(session);
}

/* Where the person is and what was done there; columns may stand otherwise, since pages that were
 * not drawn did not widen them. */
static void where(struct session *session, struct buffer *out)
{
	const struct place *place = session_place(session);
	const struct record_id id = session_selected(session);
	const struct list *list = session_list(session);
	buffer_clear(out);
	buffer_add_format(out,
		"place %d of %d: %s, %d, %s:%lld; %s; prompt %d; card at %lld of %lld",
		session->place_at, session->place_count, place->name, place->focus,
		id.kind ? kind_info(id.kind)->name : "", (long long)id.id, session->message,
		(int)session->prompt.type, (long long)place->card.cursor,
		(long long)place->card.count);
	if (list)
		buffer_add_format(out,
			"; row %lld of %lld, column %d, by %d %d, %d filters, /%s, %lld",
			(long long)list->cursor, (long long)list->rows.shown, list->column,
			list->sort, list->descending, list->filter_count,
			list->search.text ? list->search.text : "", (long long)list->search.shown);
	if (place->type == PLACE_SOURCE)
		buffer_add_format(out, "; line %lld, /%s", (long long)place->source.cursor,
			place->find.text ? place->find.text : "");
	buffer_add_byte(out, '\0');
}

/* Keys that come faster than they are drawn do what they do one by one. */
static void keys_in_a_row(void **state)
{
	(void)state;
	struct session *sessions[2] = {begin(), begin()};
	struct buffer words[2] = {{0}, {0}};
	for (int k = 0; k < 2; k++) {
		session_resize(sessions[k], 80, 24);
		session_refresh(sessions[k]);
		settle(sessions[k]);
	}
	for (int round = 0; round < 200; round++) {
		for (int i = 0; i < 8; i++) {
			key_code keys[8];
			/* What Ctrl-C stops depends on what was done by then. */
			int count = random_keys(keys);
			count = keys[0] == KEY_CONTROL('c') ? 0 : count;
			for (int k = 0; k < count; k++) {
				bool stays = session_key(sessions[0], keys[k]);
				session_refresh(sessions[0]);
				assert_int_equal(session_key(sessions[1], keys[k]), stays);
				sessions[0]->quit = sessions[1]->quit = false;
			}
		}
		for (int k = 0; k < 2; k++) {
			session_refresh(sessions[k]);
			settle(sessions[k]);
			where(sessions[k], &words[k]);
		}
		assert_string_equal(words[1].data, words[0].data);
	}
	for (int k = 0; k < 2; k++) {
		buffer_free(&words[k]);
		session_free(sessions[k]);
	}
}

static void type(struct session *session, const char *keys)
{
	key_code key;
	for (size_t at = 0; key_parse(span_string(keys), &at, &key);)
		assert_true(session_key(session, key));
	session_refresh(session);
}

static bool card_says(const struct session *session, const char *words)
{
	const struct card *card = &session_place(session)->card;
	return card->text.length > 0 && strstr(card->text.data, words);
}

/* What a claim's count comes to is counted beside the keys, once. */
static void counts_are_jobs(void **state)
{
	(void)state;
	struct session *session = begin();
	session_resize(session, 80, 24);
	type(session, "gc");
	settle(session);
	type(session, "/more<Space>than<Space>40<Enter>");
	settle(session);
	type(session, "<Enter>");
	assert_int_equal(session_place(session)->type, PLACE_RECORD);
	assert_true(card_says(session, "counting") || card_says(session, "accounted"));
	settle(session);
	assert_true(card_says(session, "of 41+ accounted"));
	assert_false(card_says(session, "counting"));
	/* Stopped, it says so, and is begun again when it is asked for again. */
	session->counted[0] = (struct counted){.claim = session_place(session)->id.id,
		.error = {.code = ERROR_CANCELLED, .message = "stopped"}};
	session_resize(session, 90, 24);
	session_refresh(session);
	assert_true(card_says(session, "stopped"));
	type(session, "q<Enter>");
	settle(session);
	assert_true(card_says(session, "of 41+ accounted"));
	session_free(session);
}

/* What is on screen and does not say all, for want of memory, says so. */
static void a_card_cut_short_is_told(void **state)
{
	(void)state;
	struct session *session = begin();
	session_resize(session, 80, 24);
	session_refresh(session);
	settle(session);
	session_place(session)->card.failed = true;
	session_refresh(session);
	assert_true(session->message_is_error);
	assert_non_null(strstr(session->message, "out of memory"));
	session_free(session);
}

static void a_record_that_is_gone_is_told(void **state)
{
	(void)state;
	struct session *session = begin();
	place_go_events(session, (struct record_id){KIND_HOST, 1 << 30});
	assert_string_equal(session->message, "that record is not there any more");
	session_free(session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_card_cut_short_is_told),
		cmocka_unit_test(a_record_that_is_gone_is_told),
		cmocka_unit_test(keys_at_random_do_no_harm),
		cmocka_unit_test(there_is_always_a_way_back),
		cmocka_unit_test(counts_are_jobs),
		cmocka_unit_test(keys_in_a_row),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
