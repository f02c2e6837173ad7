/* Keys that work here: the bottom line, what may follow a key, and the palette. */
#include "parts.h"

#include "base/buffer.h"
#include "explore/commands.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int draw_key(const struct session *session, const struct command *command, int x, int y,
	struct canvas *canvas)
{
	struct buffer key = {0};
	keymap_caps(&session->keymap, command, 1, &key);
	int used = buffer_failed(&key) || !key.data
			   ? 0
			   : view_words(canvas, x, y, 16, key.data, STYLE_KEY) + 1;
	buffer_free(&key);
	return used + view_words(canvas, x + used, y, 24, command->brief, STYLE_DIM) + 2;
}

static int key_width(const struct session *session, const struct command *command)
{
	struct buffer key = {0};
	keymap_caps(&session->keymap, command, 1, &key);
	int width = (int)key.length + (int)strlen(command->brief) + 3;
	buffer_free(&key);
	return width;
}

/* What works while something is typed: the keys of the place beneath do not. Pairs of key and
 * words, the most needed first. */
static const char *const prompt_keys[][8] = {
	[PROMPT_SEARCH] = {"Enter", "stay at the hit", "Esc", "back", "Up", "earlier pattern", "",
		"a capital makes case count"},
	[PROMPT_SEARCH_ALL] = {"Enter", "go to the hits", "Esc", "back", "Up", "earlier pattern",
		"", "a capital makes case count"},
	[PROMPT_NARROW] = {"Enter", "keep these rows", "Esc", "back", "Up", "earlier pattern", "",
		"a capital makes case count"},
	[PROMPT_COMMAND] = {"Enter", "run it", "Down", "next", "Esc", "back"},
};

static void draw_prompt_keys(enum prompt_type type, int y, struct canvas *canvas)
{
	int x = 0, most = (int)ARRAY_LENGTH(prompt_keys[type]);
	for (int i = 0; i + 1 < most && prompt_keys[type][i]; i += 2) {
		const char *key = prompt_keys[type][i], *words = prompt_keys[type][i + 1];
		int before = *key ? (int)strlen(key) + 1 : 0, width = before + (int)strlen(words);
		if (x + width > canvas->width)
			return;
		view_words(canvas, x, y, before, key, STYLE_KEY);
		view_words(canvas, x + before, y, width - before, words, STYLE_DIM);
		x += width + 2;
	}
}

/* The count and the keys of a sequence that is not whole yet. */
#define TYPED_SIZE 160
static void typed_text(const struct session *session, char typed[TYPED_SIZE])
{
	typed[0] = '\0';
	if (session->count > 0)
		snprintf(typed, TYPED_SIZE, "%" PRId64, session->count);
	for (int i = 0; i < session->key_count; i++)
		key_text(session->keys[i], typed + strlen(typed));
}

void view_keys(const struct session *session, int y, struct canvas *canvas)
{
	if (session->prompt.type != PROMPT_NONE) {
		draw_prompt_keys(session->prompt.type, y, canvas);
		return;
	}
	char typed[TYPED_SIZE];
	typed_text(session, typed);
	unsigned where = command_where(session);
	int commands;
	const struct command *table = command_table(&commands), *help = NULL;
	for (int i = 0; i < commands; i++)
		if (strcmp(table[i].name, "help") == 0)
			help = &table[i];
	int right = (typed[0] ? (int)strlen(typed) + 1 : 0) + key_width(session, help);
	int x = 0;
	for (int i = 0; i < commands; i++) {
		/* Tab goes to the next pane where there are panes. */
		bool hidden = strcmp(table[i].name, "next-link") == 0 && (where & WHERE_PANES);
		if (&table[i] == help || !table[i].brief || !(table[i].where & where) || hidden)
			continue;
		if (x + key_width(session, &table[i]) > canvas->width - right)
			break;
		x += draw_key(session, &table[i], x, y, canvas);
	}
	draw_key(session, help, x, y, canvas);
	if (typed[0])
		view_words(canvas, canvas->width - (int)strlen(typed), y, 64, typed, STYLE_KEY);
}

/* The next key of a command and its name, at *x of line *y or where the second line begins; false
 * when there is no room left. */
static bool draw_ahead(struct canvas *canvas, const char *key, const char *name, int right,
	int last, int *x, int *y)
{
	int width = (int)(strlen(key) + 1 + strlen(name));
	/* The last line keeps room for what is typed, and each for the sign that there is more. */
	if (*x + width > canvas->width && *y < last) {
		(*y)++;
		*x = 0;
	}
	if (*y == last && *x + width + 2 > canvas->width - right)
		return false;
	view_words(canvas, *x, *y, width, key, STYLE_KEY);
	view_words(canvas, *x + (int)strlen(key) + 1, *y, width, name, STYLE_DIM);
	*x += width + 2;
	return true;
}

/* Whether a command goes to a place: these are what one looks for first. */
static bool goes(const struct command *command)
{
	return strncmp(command->help, "go to ", 6) == 0;
}

bool view_keys_ahead(const struct session *session, int y, struct canvas *canvas)
{
	if (session->key_count == 0 || session->prompt.type != PROMPT_NONE)
		return false;
	char typed[TYPED_SIZE];
	typed_text(session, typed);
	unsigned where = command_where(session);
	int commands, x = 0, line = y, right = (int)strlen(typed) + 1;
	const struct command *table = command_table(&commands);
	bool fits = true;
	canvas_fill(canvas, 0, y, canvas->width, 2, STYLE_NORMAL);
	for (int i = 0; i < 2 * commands && fits; i++) {
		const struct command *command = &table[i % commands];
		struct buffer rest = {0};
		bool ahead = goes(command) == (i < commands) && (command->where & where) &&
			     keymap_rest(&session->keymap, command, session->keys,
				     session->key_count, &rest) &&
			     !buffer_failed(&rest);
		const char *name = command->brief ? command->brief : command->name;
		if (ahead)
			fits = draw_ahead(canvas, rest.data, name, right, y + 1, &x, &line);
		buffer_free(&rest);
	}
	if (!fits)
		view_words(canvas, x > 2 ? x - 1 : x, line, 1, "\u2026", STYLE_DIM);
	view_words(canvas, canvas->width - right + 1, y + 1, TYPED_SIZE, typed, STYLE_KEY);
	return true;
}

void view_palette(const struct session *session, struct canvas *canvas)
{
	const struct prompt *prompt = &session->prompt;
	const struct command *table = command_table(NULL);
	/* On a small screen the chosen one is among those that are shown. */
	int room = canvas->height - 5;
	int shown = prompt->match_count < room ? prompt->match_count : room;
	int first = prompt->match_at < shown ? 0 : prompt->match_at - shown + 1;
	int height = (shown > 0 ? shown : 1) + 2;
	int width = canvas->width < 84 ? canvas->width : 84;
	struct rect rect = {0, canvas->height - 2 - height, width, height};
	canvas_fill(canvas, rect.x, rect.y, rect.width, rect.height, STYLE_NORMAL);
	view_frame(canvas, rect, true, "Commands", "");
	if (shown == 0)
		view_words(canvas, 2, rect.y + 1, width - 4, "no command that works here fits",
			STYLE_DIM);
	for (int i = first; i < first + shown; i++) {
		const struct command *command = &table[prompt->matches[i]];
		struct buffer keys = {0};
		int y = rect.y + 1 + i - first;
		enum style style = i == prompt->match_at ? STYLE_CURSOR : STYLE_NORMAL;
		canvas_fill(canvas, 1, y, width - 2, 1, style);
		view_words(canvas, 1, y, 1, i == prompt->match_at ? "\u25b8" : " ", style);
		view_words(canvas, 2, y, 18, command->name, style);
		keymap_caps(&session->keymap, command, 0, &keys);
		if (keys.data && !buffer_failed(&keys))
			view_words(canvas, 21, y, 12, keys.data,
				style == STYLE_CURSOR ? style : STYLE_KEY);
		buffer_free(&keys);
		view_words(canvas, 34, y, width - 36, command->help, style);
	}
}
