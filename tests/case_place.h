/* A folder of one test, and a case in it. */
#ifndef TESTS_CASE_PLACE_H
#define TESTS_CASE_PLACE_H

#include "cmocka_all.h"

#include "casefile/case.h"
#include "casefile/statement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct place {
	char folder[64];
	char path[96]; /* folder/c.breach */
};

static inline int place_set_up(void **state)
{
	struct place *place = calloc(1, sizeof *place);
	if (!place)
		return 1;
	strcpy(place->folder, "/tmp/case-test-XXXXXX");
	if (!mkdtemp(place->folder))
		return 1;
	snprintf(place->path, sizeof place->path, "%s/c.breach", place->folder);
	*state = place;
	return 0;
}

static inline int place_tear_down(void **state)
{
	char command[128];
	snprintf(command, sizeof command, "rm -rf '%s'", ((struct place *)*state)->folder);
	int failed = system(command);
	free(*state);
	return failed;
}

/* A file in the folder of the test. */
static inline void place_file(const struct place *place, const char *name, char path[160])
{
	snprintf(path, 160, "%s/%s", place->folder, name);
}

static inline void place_write(const char *path, const void *bytes, size_t length)
{
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static inline struct case_file *place_open(const struct place *place, enum case_mode mode)
{
	struct error error = {0};
	struct case_file *file =
		case_open(place->path, &(struct case_options){.mode = mode}, &error);
	if (!file)
		fail_msg("%s", error.message);
	return file;
}

static inline void place_run(const struct case_file *file, const char *sql)
{
	struct error error = {0};
	if (!statement_execute(file, sql, &error))
		fail_msg("%s: %s", sql, error.message);
}

#endif
