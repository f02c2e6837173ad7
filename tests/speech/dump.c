/* Proposed statements of a text file as JSON Lines: start, end, speaker, written, direction,
 * hedges, nested. For score.py. */
#include "../../tui/ingest/speech.h"
#include "base/buffer.h"

#include <stdio.h>
#include <stdlib.h>

static void put_string(const char *name, const char *value)
{
	printf(",\"%s\":", name);
	if (!value) {
		printf("null");
		return;
	}
	putchar('"');
	for (const char *at = value; *at; at++) {
		if ((unsigned char)*at < 0x20)
			printf("\\u%04x", (unsigned)*at);
		else
			printf("%s%c", *at == '"' || *at == '\\' ? "\\" : "", *at);
	}
	putchar('"');
}

static void put(const struct speech *speech)
{
	static const char *const directions[] = {
		[SPEECH_ASSERTS] = "asserts",
		[SPEECH_DENIES] = "denies",
		[SPEECH_SILENT] = "silent",
		[SPEECH_DECLINES] = "declines",
		[SPEECH_OTHER] = "other",
	};
	static const char *const forms[] = {[SPEECH_INDIRECT] = "indirect",
		[SPEECH_DIRECT] = "direct",
		[SPEECH_PART] = "mixed"};
	printf("{\"start\":%zu,\"end\":%zu,\"nested\":%s,\"direction\":\"%s\",\"kind\":\"%s\"",
		speech->bytes.start, speech->bytes.end, speech->nested ? "true" : "false",
		directions[speech->direction], forms[speech->form]);
	put_string("speaker", speech->speaker);
	put_string("written", speech->written);
	put_string("via", speech->via);
	put_string("verb", speech->verb);
	put_string("hedges", speech->hedges);
	printf(",\"quotes\":[");
	for (size_t i = 0; i < speech->quote_count; i++)
		printf("%s[%zu,%zu]", i ? "," : "", speech->quotes[i].start, speech->quotes[i].end);
	puts("]}");
}

int main(int argc, char **argv)
{
	struct buffer text = {0};
	struct speech_list list;
	struct error error;
	FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
	if (!file) {
		fprintf(stderr, "usage: dump FILE\n");
		return 2;
	}
	while (buffer_reserve(&text, 65536)) {
		size_t got = fread(text.data + text.length, 1, 65536, file);
		text.length += got;
		if (got == 0)
			break;
	}
	fclose(file);
	if (buffer_failed(&text) || !speech_find(buffer_span(&text), &list, &error)) {
		fprintf(stderr, "dump: out of memory\n");
		return 1;
	}
	for (size_t i = 0; i < list.count; i++)
		put(&list.items[i]);
	speech_list_free(&list);
	buffer_free(&text);
	return 0;
}
