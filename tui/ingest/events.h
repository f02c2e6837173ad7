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
#include "sheet.h"
#include "stamps.h"

#include <stdbool.h>
#include <stdint.h>

#define SHAPE_TIMES 8

struct event_time {
	const char *path;
	enum stamp_form form;
};

/* Paths as in json_at, `|` between those that are tried in turn; `domain+name` puts a domain before
 * a name. */
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
};

/* NULL when no shape has this name. */
const struct event_shape *event_shape(const char *name);

/* A time that was read already. */
struct event_when {
	struct span words;
	struct moment moment;
};

/* One event from an object whose members are marked as they are used. when: NULL for the shape's
 * own times. */
bool event_add(struct sheet *sheet, const struct event_shape *shape, struct json_value *object,
	int64_t line, const struct event_when *when, struct error *error) MUST_CHECK;

/* The time that event_add would stop at for want of a zone; not stated when there is none. */
struct span event_zoneless(const struct loader *loader, const struct event_shape *shape,
	const struct json_value *object, const char **path);

#endif
