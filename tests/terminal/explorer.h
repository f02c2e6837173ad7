/* What the tests of the real explorer share: the program on a case, screens kept and compared. */
#ifndef TESTS_TERMINAL_EXPLORER_H
#define TESTS_TERMINAL_EXPLORER_H

#include "cmocka_all.h"

#include "pty.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPLORER_MAX_WIDTH 400

static inline const char *build_path(const char *name)
{
	static char path[2][4096];
	static int turn;
	const char *build = getenv("BUILD");
	char *out = path[turn++ % 2];
	snprintf(out, sizeof path[0], "%s/%s", build ? build : "build", name);
	return out;
}

/* The explorer on a case, with an option or NULL. */
static inline struct pty *explore(
	const char *path, const char *option, const char *const *environment, int width, int height)
{
	const char *const arguments[] = {
		build_path("breachx"), option ? option : path, option ? path : NULL, NULL};
	return pty_start(&(struct pty_start){.arguments = arguments,
		.environment = environment,
		.width = width,
		.height = height});
}

/* Every cell of the screen in text and style, to be freed. */
static inline char *keep_screen(struct pty *pty, int width, int height)
{
	char *kept = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&kept, &length);
	assert_non_null(out);
	for (int y = 0; y < height; y++) {
		fprintf(out, "%s\n", pty_row(pty, y));
		for (int x = 0; x < width; x++)
			fprintf(out, "%s.", pty_style(pty, x, y));
		fputc('\n', out);
	}
	assert_int_equal(fclose(out), 0);
	return kept;
}

static inline void quit_explorer(struct pty *pty)
{
	pty_send(pty, "Q");
	assert_int_equal(pty_wait_end(pty), 0);
	pty_check_restored(pty);
	pty_end(pty);
}

#endif
