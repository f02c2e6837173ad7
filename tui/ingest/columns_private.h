/*
 * What columns*.c share. Private to ingest/.
 */
#ifndef INGEST_COLUMNS_PRIVATE_H
#define INGEST_COLUMNS_PRIVATE_H

#include "base/buffer.h"
#include "base/moment.h"
#include "casefile/writer.h"
#include "ingest/columns.h"
#include "mappings.h"
#include "name_table.h"
#include "stamps.h"

#define MAX_FIELDS 32

/* TO_INDICATOR: one of several columns with values of an indicator. The first that is stated in a
 * row is the record's, the others are records beside it. */
enum target {
	TO_EXTRA,
	TO_FIELD,
	TO_READING,
	TO_KEY,
	TO_BASIS,
	TO_BY,
	TO_STANDS_FOR,
	TO_INDICATOR
};

struct column {
	struct span name;  /* as an extra field is called; owned */
	struct span given; /* as the source calls it; owned */
	enum target target;
	int field;
	int sure;          /* TO_INDICATOR: as indicator_column says */
	size_t day, clock; /* the column of this clock's day, and the other way; SIZE_MAX: none */
	enum stamp_form form; /* of a time, as columns_set_order said */
	struct span text;     /* in the row at hand */
};

/* A cell of a record beside the row's own: from a column, or a text of the mapping. */
struct part_cell {
	int field;
	size_t column; /* SIZE_MAX: text */
	struct span text;
};

struct part {
	enum kind kind;
	const char *link;
	struct part_cell cells[MAPPING_PART_CELLS];
	size_t count;
};

struct columns {
	struct loader *loader;
	enum kind kind;
	const struct kind_info *info;
	struct column *items;
	size_t count, capacity;
	bool taken[MAX_FIELDS];  /* fields that a column goes to */
	bool lasting;            /* the key of a known header, as draft.lasting */
	bool own;                /* written for us: a column says each record's basis */
	struct name_table names; /* as extra fields are called */
	struct name_table given; /* as the source calls them ... */
	size_t *first;           /* ... the first column so called, by number in given */
	size_t first_capacity;
	struct name_table cleaned;
	uint32_t *times; /* how often a cleaned name was met, by number in cleaned */
	size_t times_capacity;
	size_t shown;      /* as columns_give_value said */
	size_t day, clock; /* as columns_give_time said */
	size_t stamp;      /* the time of an event, whose name says what it is; SIZE_MAX: none */
	struct part parts[MAPPING_PARTS]; /* records beside each row's own */
	size_t part_count;
	/* Of the row at hand. */
	struct draft_cell *cells;
	struct moment *moments;
	size_t cell_capacity, moment_capacity;
	struct buffer joined; /* a day and a clock */
	int64_t line;
	uint64_t start, end;
	size_t principal;      /* TO_INDICATOR column that gives the value; SIZE_MAX: none */
	struct span own_value; /* the value of an indicator */
	const char *own_type;  /* by its looks; NULL: as its column says */
};

/* A name without white space around it and without a BOM that strayed into it. */
struct span columns_clean(struct span name);

/* The field of a kind that is called so; -1. */
int columns_field_like(enum kind kind, struct span name);

/* Finds days and clocks that stand in two columns. */
void columns_times_begin(struct columns *columns);
/* Adds what an event's time is (time_kind), when its column is called after that: Creation Time. */
void columns_time_kind(struct columns *columns, struct draft *draft);
/* Whether a cell of the row at hand is the day of a clock that is read together with it. */
bool columns_joined(const struct columns *columns, size_t index);
/* A time's cell into cell->text and cell->moment, with a remark when it stays words. */
bool columns_read_time(struct columns *columns, const struct column *column,
	struct draft_cell *cell, struct moment *moment, struct error *error) MUST_CHECK;
/* stamp_read in the column's order. */
bool columns_stamp(struct columns *columns, const struct column *column, struct span words,
	struct moment *moment, bool *nothing, struct error *error) MUST_CHECK;

/* Fills parts out of a known header. */
void columns_parts_begin(struct columns *columns, const struct mapping *mapping);
/* Chooses the value of the row at hand, for kind indicator. */
void columns_choose_value(struct columns *columns);
/* The records beside the row's own, linked from it. */
bool columns_parts_add(
	struct columns *columns, struct record_id own, struct error *error) MUST_CHECK;

#endif
