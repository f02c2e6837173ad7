#include "explore/session.h"

#include "actions.h"
#include "base/memory.h"
#include "claims/standing.h"
#include "explore/commands.h"
#include "explore/layout.h"
#include "places.h"
#include "prompt.h"
#include "work.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Text of one cell that is read for the screen: several screens full. */
#define SHOWN_TEXT (16 * 1024)

/* What is told in lines is shown in one. */
static void say_notice(struct session *session, const char *notice)
{
	if (!notice)
		return;
	char line[ERROR_MESSAGE_SIZE];
	snprintf(line, sizeof line, "%s", notice);
	for (char *end = line; (end = strchr(end, '\n'));)
		*end = ';';
	session_say(session, "%s", line);
}

struct session *session_new(
	struct case_file *file, const struct session_options *options, struct error *error)
{
	struct session *session = memory_array(1, sizeof *session);
	if (!session) {
		error_memory(error);
		return NULL;
	}
	session->linking = true;
	session->ascii = options->ascii;
	session->next_slot = SLOT_NEXT;
	session->width = 80;
	session->height = 24;
	session->reader = record_reader_open(file, error);
	if (session->reader)
		record_reader_limit(session->reader, SHOWN_TEXT);
	session->jobs =
		session->reader
			? job_pool_new(&(struct job_pool_options){.threads = JOB_THREADS_DEFAULT,
					       .open = worker_open,
					       .close = worker_close,
					       .stop = worker_stop,
					       .context = file},
				  error)
			: NULL;
	if (!session->jobs) {
		record_reader_close(session->reader);
		free(session);
		return NULL;
	}
	session->file = file;
	session_say(
		session, "? help \u00b7 g where to go \u00b7 gc what was said \u00b7 e conflicts");
	struct error keys_error;
	if (!keymap_read(&session->keymap, options->keys_text, options->keys_file, &keys_error))
		session_complain(session, "%s", keys_error.message);
	say_notice(session, options->notice ? options->notice : case_notice(file));
	place_go(session, "board");
	if (session->place_count == 0) {
		session->file = NULL; /* it stays the caller's */
		session_free(session);
		error_memory(error);
		return NULL;
	}
	work_incident(session);
	work_integrity(session);
	return session;
}

void session_free(struct session *session)
{
	if (!session)
		return;
	job_pool_free(session->jobs);
	for (int i = 0; i < session->place_count; i++)
		place_free(session->places[i]);
	prompt_free(&session->prompt);
	keymap_free(&session->keymap);
	card_free(&session->popup);
	free(session->linked);
	standings_close(session->standings);
	record_reader_close(session->reader);
	case_close(session->file);
	free(session);
}

static void PRINTF_LIKE(3, 0)
	say(struct session *session, bool error, const char *format, va_list arguments)
{
	vsnprintf(session->message, sizeof session->message, format, arguments);
	session->message_is_error = error;
}

void session_say(struct session *session, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	say(session, false, format, arguments);
	va_end(arguments);
}

void session_complain(struct session *session, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	say(session, true, format, arguments);
	va_end(arguments);
}

struct standings *session_standings(struct session *session, struct error *error)
{
	if (!session->standings)
		session->standings = standings_open(session->file, error);
	return session->standings;
}

struct place *session_place(const struct session *session)
{
	return session->places[session->place_at];
}

struct list *session_list(const struct session *session)
{
	const struct place *place = session_place(session);
	if (place->type != PLACE_PANES || place->focus >= place->list_count)
		return NULL;
	return place->lists[place->focus];
}

void session_resize(struct session *session, int width, int height)
{
	session->width = width;
	session->height = height;
	session->stale = true;
	card_free(&session->popup); /* it was made for another width */
}

int session_wake_fd(const struct session *session)
{
	return job_pool_fd(session->jobs);
}

bool session_idle(const struct session *session)
{
	return job_pool_idle(session->jobs);
}

void session_wake(struct session *session)
{
	struct job_event *event;
	bool hits = false;
	session->stale = true;
	while ((event = job_pool_take(session->jobs))) {
		/* Either may come first. */
		hits |= event->type == WORK_HITS || event->type == WORK_ROWS;
		work_take(session, event);
		event->release(event);
	}
	/* Once for all of them: it may look through the whole list. */
	if (hits)
		prompt_hits_came(session);
}

/* Counts beyond this say no more, and times a page they would not fit. */
#define MOST_COUNT INT64_C(999999999999)

/* Digits before a command are its count; 0 only continues one. */
static bool take_digit(struct session *session, key_code key)
{
	if (session->key_count > 0 || key < '0' || key > '9' || (key == '0' && session->count == 0))
		return false;
	if (session->count <= MOST_COUNT / 10)
		session->count = session->count * 10 + (int64_t)(key - '0');
	return true;
}

/* Keys that mean nothing here: what they mean elsewhere, if anything. */
static void say_unknown(struct session *session)
{
	static const struct {
		unsigned where;
		const char *name;
	} places[] = {{WHERE_LIST, "a list"}, {WHERE_PANES, "a place with panes"},
		{WHERE_CARD, "a record"}, {WHERE_SOURCE, "a source"},
		{WHERE_RESULTS, "the hits of a search"}};
	char names[KEYMAP_MAX_KEYS * KEY_NAME_SIZE] = "";
	const struct command *command = NULL;
	for (int i = 0; i < session->key_count; i++)
		key_text(session->keys[i], names + strlen(names));
	for (size_t i = 0; i < ARRAY_LENGTH(places); i++) {
		if (keymap_look_up(&session->keymap, session->keys, session->key_count,
			    places[i].where, &command) != KEYMAP_RUN)
			continue;
		session_say(session, "%s works in %s: %s", names, places[i].name, command->help);
		return;
	}
	const char *planned = keymap_planned(session->keys, session->key_count);
	if (planned)
		session_say(session, "%s is not there yet (%s)", names, planned);
	else
		session_say(session, "%s is no command; ? lists the keys", names);
}

void session_run(struct session *session, const struct command *command, int64_t count)
{
	/* Motions in a list need nothing of its page: many of them in a row are read once. */
	bool needs = command->run != action_move || !session_list(session);
	if (session->stale && needs)
		session_refresh(session);
	session->stale = true;
	command->run(session, command, count);
}

static void run_keys(struct session *session)
{
	const struct command *command = NULL;
	switch (keymap_look_up(&session->keymap, session->keys, session->key_count,
		command_where(session), &command)) {
	case KEYMAP_PREFIX:
		if (session->key_count < (int)ARRAY_LENGTH(session->keys))
			return;
		break;
	case KEYMAP_RUN:
		session->key_count = 0;
		session_run(session, command, session->count);
		break;
	case KEYMAP_UNKNOWN:
		say_unknown(session);
		break;
	}
	session->key_count = 0;
	session->count = 0;
}

/* A card over everything goes with the next key (but for scrolling); Esc, q, p and Enter do nothing
 * else. */
static bool close_popup(struct session *session, key_code key)
{
	struct card *popup = &session->popup;
	if (popup->count == 0)
		return false;
	/* One that is taller than the screen is read to its end first. */
	int rows = layout_of(session).body_height - 2;
	bool down = key == 'j' || key == KEY_CODE_DOWN || key == ' ' || key == KEY_CODE_PAGE_DOWN;
	bool up = key == 'k' || key == KEY_CODE_UP || key == 'b' || key == KEY_CODE_PAGE_UP;
	if (popup->count > rows && (down || up)) {
		int64_t most = popup->count - rows, top = popup->top + (down ? 1 : -1);
		popup->top = top < 0 ? 0 : top > most ? most : top;
		popup->cursor = popup->top;
		return true;
	}
	card_free(popup);
	return key == KEY_CODE_ESCAPE || key == 'q' || key == 'p' || key == KEY_CODE_ENTER;
}

static bool take_key(struct session *session, key_code key)
{
	if (session->prompt.type != PROMPT_NONE) {
		prompt_key(session, key);
		return !session->quit;
	}
	session->message[0] = '\0';
	session->prompt.jump_slot = 0;
	if (key == KEY_CODE_PASTE_START || key == KEY_CODE_PASTE_END) {
		/* Pasted text is never run as commands. */
		session->prompt.pasting = key == KEY_CODE_PASTE_START;
		return true;
	}
	if (session->prompt.pasting || close_popup(session, key) || take_digit(session, key))
		return true;
	if (key == KEY_CODE_ESCAPE && (session->key_count > 0 || session->count > 0)) {
		session->key_count = 0;
		session->count = 0;
		return true;
	}
	session->keys[session->key_count++] = key;
	run_keys(session);
	return !session->quit;
}

bool session_key(struct session *session, key_code key)
{
	bool goes_on = take_key(session, key);
	session->stale = true;
	return goes_on;
}
