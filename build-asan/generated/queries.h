/* Made from data/queries.sql. */
#ifndef QUERIES_H
#define QUERIES_H

enum query {
	QUERY_META_VALUE,
	QUERY_COUNT
};

extern const char *const query_names[QUERY_COUNT];
extern const char *const query_texts[QUERY_COUNT];

#endif
