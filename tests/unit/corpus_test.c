/* What fuzzing starts from, and what it found, replayed through the targets' functions. */
#include "cmocka_all.h"

#include "fuzz/format_target.h"

#include <dirent.h>
#include <stdio.h>

#define CORPUS "tests/corpus"

static const struct {
	const char *folder, *format, *kind;
} targets[] = {
	{"json", "json", "host"},
	{"jsonl", "jsonl", "event"},
	{"stix", "stix", NULL},
	{"misp", "misp", NULL},
	{"galaxy", "misp-galaxy", NULL},
	{"veris", "veris", NULL},
	{"plaso", "plaso", NULL},
	{"csv", "csv", NULL},
	{"document", "text", NULL},
};

static struct buffer read_file(const char *folder, const char *name)
{
	char path[512];
	struct buffer text = {0};
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	assert_true(buffer_reserve(&text, 1 << 20));
	text.length = fread(text.data, 1, 1 << 20, file);
	fclose(file);
	return text;
}

static void every_seed_is_read_whole_and_cut_anywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(targets); i++) {
		char folder[128];
		int files = 0;
		snprintf(folder, sizeof folder, CORPUS "/%s", targets[i].folder);
		DIR *list = opendir(folder);
		assert_non_null(list);
		for (struct dirent *entry; (entry = readdir(list));) {
			int64_t units = 0;
			if (entry->d_name[0] == '.')
				continue;
			struct buffer text = read_file(folder, entry->d_name);
			const uint8_t *data = (const uint8_t *)text.data;
			bool ok = format_target(
				targets[i].format, targets[i].kind, data, text.length, &units);
			if (!ok || units == 0)
				fail_msg("%s/%s: not read", folder, entry->d_name);
			for (size_t length = 1; length < text.length; length += 7)
				format_target(
					targets[i].format, targets[i].kind, data, length, NULL);
			buffer_free(&text);
			files++;
		}
		closedir(list);
		assert_true(files > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_seed_is_read_whole_and_cut_anywhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
