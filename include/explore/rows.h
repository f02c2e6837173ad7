/*
 * explore/rows.h: which records a list shows, in which order, and where runs of them are folded.
 *
 * A list owns no records: 4 bytes an id, made by a job, and the folds. Records that differ only as
 * placeholders stand next to each other in any order that keeps names together; a run of two or
 * more folds into one *heading* row, which opens to show the run below it. Three measures: an id,
 * a *position* (index in ids, folded or not), and a *row* (what is on screen, headings counted).
 */
#ifndef EXPLORE_ROWS_H
#define EXPLORE_ROWS_H

#include "base/bits.h"
#include "base/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of what is said of a row beside its fields. */
#define ROWS_NOTE_SIZE 64

struct fold {
	int64_t first; /* position of the run's first record */
	int64_t count; /* 2 or more */
	bool open;
	int64_t row; /* of its heading; kept by rows_changed */
};

struct rows {
	int64_t version; /* of the case, all of whose records of a kind these are; 0: some of them
			  */
	int *users;      /* rows that share ids and set; NULL: they are not shared */
	uint32_t *ids;
	int64_t count;
	size_t capacity;
	struct bits set; /* of the ids */
	char *signs;     /* a letter for each position, or NULL: how a claim stands */
	size_t sign_capacity;
	char (*notes)[ROWS_NOTE_SIZE]; /* the same in words, ended by 0; NULL where signs is */
	size_t note_capacity;
	struct fold *folds; /* in order of position */
	int64_t fold_count;
	size_t fold_capacity;
	int64_t shown; /* rows on screen; kept by rows_changed */
};

/* What is in a row. */
struct row_place {
	int64_t position; /* of the record; of a heading: its run's first */
	int64_t fold;     /* index of the fold it heads or belongs to; -1 none */
	bool heading;
};

void rows_free(struct rows *rows);
/* Gives empty rows the ids of others, without folds and signs, at no cost in memory. No id is added
 * to either from then on. */
bool rows_share(struct rows *rows, struct rows *others) MUST_CHECK;
bool rows_add(struct rows *rows, uint32_t id) MUST_CHECK;
/* Gives the id added last a sign and a note (cut to what fits). Either every id has them or none.
 */
bool rows_sign(struct rows *rows, char sign, const char *note) MUST_CHECK;
bool rows_add_fold(struct rows *rows, int64_t first, int64_t count) MUST_CHECK;
/* Recounts rows after ids were added or a fold was opened or closed. */
void rows_changed(struct rows *rows);

/* row from 0 to shown - 1. */
struct row_place rows_at(const struct rows *rows, int64_t row);
/* The row that shows a position: the heading where its fold is closed. */
int64_t rows_row(const struct rows *rows, int64_t position);
/* Position of an id, or -1. Linear: 10 million take some milliseconds. */
int64_t rows_find(const struct rows *rows, uint32_t id);

#endif
