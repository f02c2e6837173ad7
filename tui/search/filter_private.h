/* What the files of the filter share: tokens, the tree, and the words of operators. */
#ifndef SEARCH_FILTER_PRIVATE_H
#define SEARCH_FILTER_PRIVATE_H

#include "search/filter.h"

#include "base/bits.h"
#include "base/moment.h"

/* Parentheses and `not` inside one another. */
#define FILTER_MAX_DEPTH 64
/* Comparisons: each regex among them costs memory. */
#define FILTER_MAX_TERMS 256

enum token_type {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_STRING, /* text is without quotes and escapes */
	TOKEN_REGEX,  /* between slashes or quotes; only where one is asked for */
	TOKEN_OPERATOR,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_BAD, /* the error is set */
};

struct token {
	enum token_type type;
	struct span text;
	size_t start, end; /* bytes of the filter */
	size_t inside;     /* where a regex between slashes begins, else start */
	bool ignore_case;  /* a regex with an i behind it */
	bool exact;        /* a byte of text is the byte of the filter at inside + its offset */
};

struct lexer {
	struct span text;
	size_t at;
	struct buffer string; /* of the last TOKEN_STRING */
};

/* The next token; `regex`: a regular expression is expected here. */
struct token lexer_next(struct lexer *lexer, bool regex, struct error *error);

enum filter_operator {
	OP_EQUAL,
	OP_UNEQUAL,
	OP_LESS,
	OP_AT_MOST,
	OP_GREATER,
	OP_AT_LEAST,
	OP_MATCHES,
	OP_NOT_MATCHES,
	OP_IN,
	OP_STATED,
	OP_NOT_STATED,
	OP_COUNT
};

/* As written: `=`, `is not stated`. */
const char *filter_operator_text(enum filter_operator relation);

enum filter_subject {
	SUBJECT_FIELD,
	SUBJECT_EXTRA,
	SUBJECT_ANY,
	SUBJECT_ID,
	SUBJECT_BASIS,
	SUBJECT_STANDS_FOR,
	SUBJECT_SOURCE,
	SUBJECT_KIND,
};

struct comparison {
	enum filter_subject subject;
	int field;                     /* SUBJECT_FIELD */
	const struct kind_field *info; /* SUBJECT_FIELD, else NULL */
	char *name;                    /* as written; of SUBJECT_EXTRA without `extra.` */
	size_t name_length;
	enum filter_operator relation;
	char *value; /* NULL for `is stated` and a regex */
	size_t value_length;
	bool is_number;
	long long number;     /* id, source, stands_for, numbers; basis and kind by number */
	struct moment moment; /* precision MOMENT_NONE: the value is no time */
	struct pattern *pattern;
	struct matcher *matcher;
	/* What filter_look_ahead found, the negation aside. */
	bool ahead;
	struct bits yes;   /* records of which it holds */
	struct bits maybe; /* on which a limit was met */
};

enum node_type { NODE_AND, NODE_OR, NODE_NOT, NODE_COMPARISON };

/* Nodes stand in one array; what is inside one is a chain of indices, -1 at its end. */
struct node {
	enum node_type type;
	int first, next;
	int comparison;
};

struct filter {
	enum kind kind;
	struct node *nodes;
	size_t node_count, node_capacity;
	struct comparison *comparisons;
	size_t comparison_count, comparison_capacity;
	int root;
	const atomic_bool *cancel;
	int64_t ahead_end;   /* ids below this were looked at by filter_look_ahead */
	struct buffer image; /* of the cell that is matched */
};

/* Reads the value of a comparison and checks it against what its subject holds. */
bool filter_read_value(struct comparison *comparison, const struct token *token,
	const atomic_bool *cancel, struct error *error) MUST_CHECK;
/* The operator without its negation: `=` of `!=`. */
enum filter_operator filter_positive(enum filter_operator relation, bool *negated);
/* Bits 1 << enum filter_operator. */
unsigned filter_operators(const struct comparison *comparison);
/* Whether one comparison holds. */
enum match_result filter_compare(
	struct filter *filter, const struct comparison *comparison, const struct record *record);

#endif
