#include "queries.h"

const char *const query_names[QUERY_COUNT] = {
	"meta_value",
};

const char *const query_texts[QUERY_COUNT] = {
	"SELECT value FROM meta WHERE name = ?1",
};
