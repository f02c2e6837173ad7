/*
 * A fuzz target without a fuzzer: its corpus, each file whole, cut short and with single bytes
 * changed. What fuzzing found is a file there, so that it is tried at every `make test`.
 *
 *	NAME CORPUS-FOLDER
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST_BYTES ((size_t)1 << 20)
/* Cuts and changes of each file. */
#define VARIANTS 60

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* What a target makes ready once; few have one. */
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

/* In memory of its own size, so that a sanitizer sees what is read behind it. */
static void try(const uint8_t *bytes, size_t size, size_t changed)
{
	uint8_t *copy = malloc(size + (size == 0));
	if (!copy)
		abort();
	for (size_t i = 0; i < size; i++)
		copy[i] = i == changed ? (uint8_t)(bytes[i] ^ 0xff) : bytes[i];
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void replay(const uint8_t *bytes, size_t size)
{
	size_t step = size / VARIANTS + 1;
	try(bytes, size, size);
	for (size_t at = 0; at < size; at += step) {
		try(bytes, at, size);
		try(bytes, size, at);
	}
}

int main(int argc, char **argv)
{
	static uint8_t bytes[MOST_BYTES];
	int files = 0;
	if (LLVMFuzzerInitialize)
		LLVMFuzzerInitialize(&argc, &argv);
	DIR *list = argc == 2 ? opendir(argv[1]) : NULL;
	if (!list) {
		fprintf(stderr, "%s: no corpus\n", argc == 2 ? argv[1] : argv[0]);
		return 1;
	}
	for (struct dirent *entry; (entry = readdir(list));) {
		char path[4096];
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
		FILE *file = fopen(path, "rb");
		if (!file)
			continue;
		replay(bytes, fread(bytes, 1, sizeof bytes, file));
		fclose(file);
		files++;
	}
	closedir(list);
	if (files == 0)
		fprintf(stderr, "%s: an empty corpus\n", argv[1]);
	return files == 0;
}
