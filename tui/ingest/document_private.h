/*
 * What the files of document*.c share. Private to them.
 *
 * document.c reads the text and adds the document, document_title.c finds what it calls itself,
 * document_lines.c goes through its lines: document_event.c makes events of those that begin with a
 * date, document_table.c takes rows of tables apart, document_cite.c adds the indicators that stand
 * in a line or a cell. document_statements.c adds what speech.h proposes.
 */
#ifndef INGEST_DOCUMENT_PRIVATE_H
#define INGEST_DOCUMENT_PRIVATE_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "base/moment.h"
#include "base/span.h"
#include "document_date.h"
#include "indicator.h"
#include "ingest/loader.h"
#include "name_table.h"

#include <stdbool.h>
#include <stddef.h>

/* Bounds on what is made of one document, each said when it is met. */
#define DOCUMENT_MAX_INDICATORS 100000 /* places where one stands */
#define DOCUMENT_MAX_EVENTS 100000
#define DOCUMENT_MAX_CELLS 64 /* of a row; text behind them is read as one */

struct document {
	struct loader *loader;
	struct span text;
	struct record_id id;

	/* What it calls itself. */
	struct span title; /* in the text or in title_room */
	struct buffer title_room;
	struct span published;   /* a date's words; not stated when it gives none */
	struct range title_line; /* is no event */

	/* Places. */
	size_t *paragraphs; /* bytes at which they begin */
	size_t paragraph_count;
	size_t paragraph;     /* that counting has come to, from 1 */
	size_t page, counted; /* bytes that were looked at for form feeds */
	bool paged;           /* form feeds part it into pages */

	/* What was found. */
	struct name_table cited; /* values of indicators */
	size_t citations;        /* places where they stand */
	size_t events;
	size_t intact;      /* values left alone since nobody made them harmless */
	size_t zoneless;    /* clocks without a zone */
	size_t abbreviated; /* clocks whose zone is an abbreviation */
	size_t open;        /* dates that leave open which number is the day */
	bool failed;        /* at saying that a bound was met */
};

/* One line, or several that belong together. */
enum line_kind { LINE_BLANK, LINE_RULE, LINE_TEXT, LINE_ITEM, LINE_HEADING };

struct line {
	size_t start, end; /* without its line end */
	size_t next;       /* where the next one begins */
	size_t content;    /* behind indent and the marks of lists, headings and quotations */
	enum line_kind kind;
};

/* The line that begins at `at`. */
struct line document_line(struct span text, size_t at);
/* Goes through all of it. */
bool document_lines(struct document *document, struct error *error) MUST_CHECK;

/* Fills title, title_line and published. False only when out of memory. */
bool document_title(struct document *document, struct error *error) MUST_CHECK;

/* `¶12`, and the page before it where there are pages, for the byte `at` of the text, into room.
 * `at` goes back only after document_rewind. */
#define DOCUMENT_LOCATOR_SIZE 64
struct span document_locator(struct document *document, size_t at, char *room);
void document_rewind(struct document *document);

/* Appends a cell when its text says something. cells: room for one more. */
void document_cell(
	struct draft *draft, struct draft_cell *cells, const char *field, struct span text);
/* The same for a field that refers to the document. */
void document_reference(const struct document *document, struct draft *draft,
	struct draft_cell *cells, const char *field);

/* What a date says. A clock whose zone nobody stated leaves the day, and is counted. */
bool document_moment(struct document *document, struct document_date *date, struct moment *moment,
	struct error *error) MUST_CHECK;

/* Where the lines end that go on with one: with a dated line's message. */
size_t document_run_end(struct span text, const struct line *line);
/* Text behind the emphasis, code and brackets that it begins with. */
struct span document_skip_opening(struct span text);

/* A line or row that may begin with a date. */
struct dated {
	size_t start, end;
	size_t content;          /* behind its marks */
	const struct line *line; /* lines behind it may go on with it; NULL: they don't */
	bool utc;                /* clocks without a zone are UTC, as the column's name says */
	bool prose;   /* only a mark behind the date, a date in numbers or a clock makes it an
		       * event */
	bool running; /* prose that goes on from the line before: only a clock does */
};
/* Makes it an event if it is one, which *made says. */
bool document_event(struct document *document, const struct dated *dated, bool *made,
	struct error *error) MUST_CHECK;

/* Whether a text has the word, in any case; ASCII. */
bool document_has_word(struct span text, const char *word);
/* Whether a line, or the name of a column, says that numbers are addresses. */
bool document_speaks_of_addresses(struct span text);
/* Adds an indicator; found is of the whole text. more: cells beside it, may be NULL. *id may be
 * NULL; its kind is KIND_NONE when a bound was met. */
bool document_cite(struct document *document, const struct indicator_found *found,
	const struct draft_cell *more, size_t more_count, struct record_id *id,
	struct error *error) MUST_CHECK;
/* Adds those that stand in a line. */
bool document_cite_line(
	struct document *document, const struct line *line, struct error *error) MUST_CHECK;

/* A table at hand. A row is a line; in AsciiDoc, lines until it has as many cells as the first. */
struct document_table {
	bool open, asciidoc;
	struct span header[DOCUMENT_MAX_CELLS];
	size_t header_count;
	size_t columns;                        /* of the first row; 0: there was none */
	struct span cells[DOCUMENT_MAX_CELLS]; /* of the row at hand */
	size_t count;
	size_t start; /* of the row at hand */
};
/* Takes a line; *taken is false when it is no part of a table. */
bool document_table_line(struct document *document, struct document_table *table,
	const struct line *line, bool *taken, struct error *error) MUST_CHECK;
/* The row at hand, when the text ends within a table. */
bool document_table_end(
	struct document *document, struct document_table *table, struct error *error) MUST_CHECK;

/* Adds what is said in it, as proposals. */
bool document_statements(struct document *document, struct error *error) MUST_CHECK;

#endif
