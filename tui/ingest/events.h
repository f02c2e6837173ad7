/*
 * Logs and timelines: an object, or a row under a header, is an event. Private to ingest/.
 *
 * Tools that write the same thing under other names are told apart by a table of shapes; how an
 * event is made from one is code that knows none of them.
 */
#ifndef INGEST_EVENTS_H
#define INGEST_EVENTS_H

#include "base/compiler.h"
#include "base/error.h"
#include "json_value.h"
#include "name_table.h"
#include "sheet.h"
#include "stamps.h"

#include <stdbool.h>
#include <stdint.h>

#define SHAPE_TIMES 8
#define SHAPE_MENTIONS 10
#define SHAPE_RELATIONS 2
#define SHAPE_MAX_PATH 192

struct event_time {
	const char *path;
	enum stamp_form form;
};

/* How a text is read that names a record beside the event's fields. Those that name nothing make
 * none: no address of this machine itself or of all, no hash of zeros. */
enum mention_form {
	MENTION_NAME,
	MENTION_HASHES,    /* one, or `SHA1=...,MD5=...` */
	MENTION_ADDRESS,   /* of IP, a port may stand behind it */
	MENTION_PATH,      /* of a file */
	MENTION_LOOKS,     /* an address, domain, URL or hash, by its looks */
	MENTION_TECHNIQUES /* the ATT&CK techniques among tags */
};

struct event_mention {
	enum kind kind;
	enum mention_form form;
	const char *paths;
};

/* Two things that an event says of one another: a link of its source. */
struct event_relation {
	const char *type, *from;
	const char *to; /* NULL: the host */
};

/* Paths as in json_at, `|` between those that are tried in turn; `domain+name` puts a domain before
 * a name, `message>Hostname: ` is the word behind `Hostname: ` in the message. */
struct event_shape {
	const char *name;
	const char *needs;                    /* as in json_has: what an object of this shape has */
	struct event_time times[SHAPE_TIMES]; /* the first that is stated and can be read */
	const char *time_kind;                /* NULL: the path of the stamp */
	const char *host, *account;
	const char *action;  /* `a+b`: joined by / */
	const char *message; /* `a+b`: joined by a space */
	const char *key;     /* as draft.natural; NULL: nothing tells an event from others */
	const char *nothing; /* texts that mean not stated, `|` between them; NULL: none */
	struct event_mention mentions[SHAPE_MENTIONS];
	struct event_relation relations[SHAPE_RELATIONS];
};

/* NULL when no shape has this name. */
const struct event_shape *event_shape(const char *name);

/* A time that was read already. */
struct event_when {
	struct span words;
	struct moment moment;
};

/* Pairs beyond these are not linked, which is said; the events themselves tell of them. */
#define EVENT_PAIRS_MOST 100000

/* The events of one source. Zero, but for its sheet's loader and its shape. */
struct events {
	struct sheet sheet;
	const struct event_shape *shape;
	struct name_table pairs; /* that are linked already */
	int64_t pairs_left;      /* times that one beyond them was met */
};

/* After the last event, whatever came of it. */
void events_free(struct events *events);

/* One event from an object whose members are marked as they are used. when: NULL for the shape's
 * own times. */
bool event_add(struct events *events, struct json_value *object, int64_t line,
	const struct event_when *when, struct error *error) MUST_CHECK;

/* The time that event_add would stop at for want of a zone; not stated when there is none. */
struct span event_zoneless(const struct loader *loader, const struct event_shape *shape,
	const struct json_value *object, const char **path);

/* ---- for the parts of events*.c ---- */

/* The next alternative before a `|`, into room; false at the end. */
bool event_next_path(const char **list, char room[SHAPE_MAX_PATH]);
/* Whether a text is one that means nothing. */
bool event_says_nothing(const struct event_shape *shape, struct span text);
/* The word that `message>Hostname: ` asks for; not stated when there is none. The `>` is written
 * over. */
struct span event_word(
	const struct event_shape *shape, const struct json_value *object, char *path);

/* Adds what an object mentions to the sheet of its event. host: its host's name. */
void event_mentions(struct events *events, const struct json_value *object, struct span host);
/* Links what the event that was added last says of its mentions. */
bool event_relations(struct events *events, const struct json_value *object, struct span host,
	struct error *error) MUST_CHECK;

#endif
