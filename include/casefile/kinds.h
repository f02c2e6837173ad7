/*
 * casefile/kinds.h: the kinds of record a case holds, as data.
 *
 * One table says what each kind is called, which fields it has, how wide they are in a list, what
 * they refer to and how the kind is sorted. Lists, search, import mapping, export and help all read
 * it; no other place names a field. A new kind is one entry in kinds.c and one CREATE TABLE in
 * data/schema.sql (a test holds the two against each other).
 */
#ifndef CASEFILE_KINDS_H
#define CASEFILE_KINDS_H

#include "base/span.h"

#include <stdbool.h>

/* The numbers are stored in case files: append, never reorder. */
enum kind {
	KIND_NONE = 0,
	KIND_INCIDENT,
	KIND_ACTOR,
	KIND_TECHNIQUE,
	KIND_SITE,
	KIND_HOST,
	KIND_ACCOUNT,
	KIND_PARTY,
	KIND_DATA,
	KIND_DOCUMENT,
	KIND_STATEMENT,
	KIND_CLAIM,
	KIND_EVENT,
	KIND_INDICATOR,
	KIND_COUNT
};

/* Why a record is in the case. Stored by number. */
enum basis {
	BASIS_OBSERVED,    /* in evidence */
	BASIS_REPORTED,    /* someone says so */
	BASIS_INFERRED,    /* derived here, by whom is said */
	BASIS_PLACEHOLDER, /* stands for a reported count; nothing else is known of it */
	BASIS_COUNT
};

enum field_type {
	FIELD_TEXT,
	FIELD_NUMBER, /* 64-bit integer */
	FIELD_TIME, /* columns f, f_from, f_to, f_form: the words, UTC microseconds, moment_pack */
	FIELD_REFERENCE, /* the id of a record of another kind; its text is that record's name */
	FIELD_CHOICE,    /* one of a list of words */
};

enum field_flags {
	FIELD_JUDGEMENT = 1 << 0, /* never imported: set only by a decision in the journal */
	FIELD_LONG = 1 << 1,      /* whole paragraphs: not a list column */
	FIELD_REQUIRED = 1 << 2,  /* no record is without it */
};

struct kind_field {
	const char *name;  /* in SQL, import, search, list, export */
	const char *label; /* on screen */
	enum field_type type;
	int width; /* preferred columns in a list; 0: only shown in the record */
	unsigned flags;
	enum kind refers_to; /* FIELD_REFERENCE */
	const char *choices; /* FIELD_CHOICE: words separated by '|', the first is what "not stated"
			      * reads as when `unset` is set */
	const char *unset;   /* shown when not stated; NULL: "not stated" */
};

struct kind_info {
	const char *name;        /* `host`: in SQL, in kind:id, on the command line */
	const char *plural;      /* `hosts` */
	const char *title;       /* `Hosts`: a pane's title */
	const char *counted;     /* what a number in the pane's corner counts: `machines` */
	const char *counted_one; /* the same of one; NULL: name */
	const struct kind_field *fields;
	int field_count;
	int name_field;      /* what a reference or a title shows */
	int words_field;     /* shown instead where that is not stated; 0: nothing is */
	int sort_field;      /* default order, then id */
	const char *columns; /* of a list, by name, what matters most first; NULL: all fields with a
			      * width as they stand */
	bool named;          /* one record a normalised exact name, with mentions */
	bool large;          /* grows to millions: text in blocks, see casefile/block.h */
};

/* kind must be a real kind. */
const struct kind_info *kind_info(enum kind kind);

/* "a" or "an", before its name. */
const char *kind_article(enum kind kind);

/* By name or plural; KIND_NONE when there is none. */
enum kind kind_find(struct span name);

/* Index of a field by name; -1 when there is none. */
int kind_field_find(enum kind kind, struct span name);

/* The NAME of an extra field called `extra.NAME`; not stated when it is called otherwise. */
struct span kind_extra_name(struct span name);

/* True when text is one of a FIELD_CHOICE's words. */
bool kind_choice_valid(const struct kind_field *field, struct span text);

const char *basis_name(enum basis basis);
/* r o i p */
char basis_letter(enum basis basis);
/* Index by name, or -1. */
int basis_find(struct span name);

#endif
