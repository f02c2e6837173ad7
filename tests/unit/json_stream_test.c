/* JSON a unit at a time: values, their bytes, what is odd, what is refused and where. */
#include "cmocka_all.h"

#include "../../tui/ingest/json_stream.h"
#include "base/buffer.h"
#include "ingest/input.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- one value ---- */

static struct json_value *parse(
	const char *text, struct json_arena *arena, struct json_oddities *odd)
{
	struct error error = {0};
	struct json_value *value = json_parse(span_string(text), 0, NULL, arena, odd, &error);
	if (!value)
		fail_msg("%s: %s", text, error.message);
	return value;
}

static void values_keep_their_text_and_bytes(void **state)
{
	struct json_arena arena = {0};
	struct json_oddities odd;
	const char *text = " {\"a\": [1.50, true, null], \"b\\u0041\" : \"x\\ty\\u00e9\"} ";
	(void)state;
	const struct json_value *object = parse(text, &arena, &odd);
	assert_int_equal(object->type, JSON_OBJECT);
	assert_int_equal(object->start, 1);
	assert_int_equal(object->end, strlen(text) - 1);
	const struct json_value *array = json_member(object, "a");
	assert_int_equal(array->count, 3);
	assert_true(span_is(array->first->text, "1.50"));
	assert_memory_equal(text + array->first->start, "1.50", 4);
	assert_int_equal(array->first->end - array->first->start, 4);
	assert_int_equal(array->last->type, JSON_NULL);
	const struct json_value *string = json_member(object, "bA");
	assert_true(span_is(string->text, "x\ty\u00e9"));
	assert_int_equal(text[string->start], '"');
	assert_int_equal(text[string->end - 1], '"');
	assert_true(odd.surrogate_at == UINT64_MAX && odd.repeated_at == UINT64_MAX &&
		    odd.invalid_at == UINT64_MAX);
	json_arena_free(&arena);
}

static void pairs_are_joined_and_halves_kept_as_written(void **state)
{
	struct json_arena arena = {0};
	struct json_oddities odd;
	(void)state;
	const struct json_value *pair = parse("\"\\ud83d\\ude00\"", &arena, &odd);
	assert_true(span_is(pair->text, "\U0001f600"));
	assert_true(odd.surrogate_at == UINT64_MAX);
	const struct json_value *half = parse("\"a\\ud800b\"", &arena, &odd);
	assert_true(span_is(half->text, "a\\ud800b"));
	assert_int_equal(odd.surrogate_at, 2);
	const struct json_value *twice = parse("\"\\ud800\\ud83d\\ude00\"", &arena, &odd);
	assert_true(span_is(twice->text, "\\ud800\U0001f600"));
	const struct json_value *low = parse("\"\\uDE00\\u0041\"", &arena, &odd);
	assert_true(span_is(low->text, "\\uDE00A"));
	json_arena_free(&arena);
}

static void of_a_repeated_key_the_last_counts_and_the_others_are_numbered(void **state)
{
	struct json_arena arena = {0};
	struct json_oddities odd;
	(void)state;
	const struct json_value *object = parse("{\"a\":1,\"b\":2,\"a\":3}", &arena, &odd);
	assert_true(span_is(json_member(object, "a")->text, "3"));
	assert_true(span_is(odd.repeated, "a"));
	assert_int_equal(odd.repeated_at, 17);
	assert_int_equal(object->count, 3);
	assert_true(span_is(json_member(object, "a 2")->text, "1"));
	object = parse("{\"a\":1,\"a 2\":2,\"a\":3,\"a\":4,\"a 2\":5}", &arena, &odd);
	assert_true(span_is(json_member(object, "a")->text, "4"));
	assert_true(span_is(json_member(object, "a 3")->text, "1"));
	assert_true(span_is(json_member(object, "a 4")->text, "3"));
	assert_true(span_is(json_member(object, "a 2")->text, "5"));
	assert_true(span_is(json_member(object, "a 2 2")->text, "2"));
	json_arena_free(&arena);
}

static void a_nul_and_invalid_bytes_are_kept(void **state)
{
	struct json_arena arena = {0};
	struct json_oddities odd;
	(void)state;
	const struct json_value *nul = parse("\"a\\u0000b\"", &arena, &odd);
	assert_true(span_equal(nul->text, span_of("a\0b", 3)));
	const struct json_value *invalid = parse("[\"a\xff\"]", &arena, &odd);
	assert_true(span_is(invalid->first->text, "a\xff"));
	assert_int_equal(odd.invalid_at, 3);
	json_arena_free(&arena);
}

static bool add_leaf(void *context, struct span name, struct span text)
{
	struct buffer *out = context;
	buffer_add_format(
		out, "%.*s=%.*s;", (int)name.length, name.data, (int)text.length, text.data);
	return true;
}

static void leaves_are_named_by_their_path(void **state)
{
	struct json_arena arena = {0};
	struct json_oddities odd;
	struct buffer out = {0};
	(void)state;
	struct json_value *object = parse(
		"{\"a\":{\"b\":[1,{\"c\":\"x\"}],\"d\":null,\"e\":\"\"},\"f\":false,\"g\":[]}",
		&arena, &odd);
	assert_true(json_flatten(object, &arena, add_leaf, &out));
	assert_string_equal(out.data, "a.b[0]=1;a.b[1].c=x;f=false;");
	buffer_clear(&out);
	json_at(object, "a.b")->used = true;
	assert_true(json_flatten(object, &arena, add_leaf, &out));
	assert_string_equal(out.data, "f=false;");
	buffer_free(&out);
	json_arena_free(&arena);
}

static void a_long_name_ends_in_json(void **state)
{
	struct json_arena arena = {0};
	struct json_oddities odd;
	struct buffer text = {0}, out = {0};
	(void)state;
	buffer_add_string(&text, "{\"");
	for (int i = 0; i < 600; i++)
		buffer_add_byte(&text, 'k');
	buffer_add_string(&text, "\":{\"a\":[1,\"\\\"\"]}}");
	struct json_value *object = parse(text.data, &arena, &odd);
	assert_true(json_flatten(object, &arena, add_leaf, &out));
	assert_non_null(strstr(out.data, "k={\"a\":[1,\"\\\"\"]};"));
	assert_int_equal(strchr(out.data, '=') - out.data, JSON_MAX_NAME);
	buffer_free(&text);
	buffer_free(&out);
	json_arena_free(&arena);
}

/* ---- streams ---- */

struct seen {
	struct buffer text;
	size_t depth;
	size_t closed;
};

static bool at_depth(void *context, const struct json_path *path, enum json_type type)
{
	const struct seen *seen = context;
	(void)type;
	return path->depth == seen->depth;
}

static bool count_closed(void *context, const struct json_path *path, enum json_type type,
	uint64_t end, struct error *error)
{
	struct seen *seen = context;
	(void)path;
	(void)type;
	(void)end;
	(void)error;
	seen->closed++;
	return true;
}

static bool add_unit(void *context, const struct json_path *path, struct json_value *value,
	struct json_arena *arena, const struct json_oddities *odd, struct error *error)
{
	struct seen *seen = context;
	(void)arena;
	(void)odd;
	(void)error;
	for (size_t i = 0; i < path->depth; i++)
		buffer_add_format(&seen->text, "%.*s/%zu ", (int)path->steps[i].key.length,
			path->steps[i].key.length ? path->steps[i].key.data : "",
			path->steps[i].index);
	buffer_add_format(&seen->text, "%llu-%llu:", (unsigned long long)value->start,
		(unsigned long long)value->end);
	json_write(&seen->text, value);
	buffer_add_byte(&seen->text, '\n');
	return true;
}

static bool read_text(
	struct span text, size_t depth, bool several, struct seen *seen, struct error *error)
{
	struct input *input = input_open_bytes(text, "text", error);
	assert_non_null(input);
	*seen = (struct seen){.depth = depth};
	struct json_visitor visitor = {.is_unit = at_depth,
		.close = count_closed,
		.unit = add_unit,
		.context = seen,
		.several = several};
	bool ok = json_read(input, &visitor, error);
	input_close(input);
	return ok;
}

static void elements_come_one_by_one(void **state)
{
	struct seen seen;
	struct error error = {0};
	(void)state;
	assert_true(read_text(span_string("{\"id\":\"x\",\"objects\":[{\"a\":1},[2]]}"), 2, false,
		&seen, &error));
	assert_string_equal(
		seen.text.data, "objects/1 /0 21-28:{\"a\":1}\nobjects/1 /1 29-32:[2]\n");
	assert_int_equal(seen.closed, 2);
	buffer_free(&seen.text);
}

static void values_follow_one_another_when_asked(void **state)
{
	struct seen seen;
	struct error error = {0};
	(void)state;
	assert_true(read_text(span_string("{\"a\":1}\n{\"b\":2} 3"), 0, true, &seen, &error));
	assert_string_equal(seen.text.data, "0-7:{\"a\":1}\n8-15:{\"b\":2}\n16-17:3\n");
	buffer_free(&seen.text);
	assert_false(read_text(span_string("{\"a\":1} x"), 0, false, &seen, &error));
	assert_int_equal(error.code, ERROR_INPUT);
	assert_non_null(strstr(error.message, "byte "));
	buffer_free(&seen.text);
}

/* Tokens across the chunks that the parser is fed. */
static void chunks_do_not_show(void **state)
{
	struct buffer text = {0};
	struct seen seen;
	struct error error = {0};
	(void)state;
	buffer_add_byte(&text, '[');
	for (int i = 0; i < 20000; i++)
		buffer_add_format(&text, "%s{\"number\":%d,\"text\":\"\\u00e9%*s\\\\\"}",
			i ? ", " : "", i * 7, i % 13, "");
	buffer_add_byte(&text, ']');
	assert_true(read_text(buffer_span(&text), 1, false, &seen, &error));
	const char *at = seen.text.data;
	for (int i = 0; i < 20000; i++) {
		unsigned long long start, end;
		int index, number;
		assert_int_equal(
			sscanf(at, "/%d %llu-%llu:{\"number\":%d", &index, &start, &end, &number),
			4);
		assert_int_equal(index, i);
		assert_int_equal(number, i * 7);
		assert_int_equal(text.data[start], '{');
		assert_int_equal(text.data[end - 1], '}');
		at = strchr(at, '\n') + 1;
	}
	assert_int_equal(*at, '\0');
	buffer_free(&seen.text);
	buffer_free(&text);
}

static void depth_is_bounded(void **state)
{
	struct buffer text = {0};
	struct seen seen;
	struct error error = {0};
	(void)state;
	for (int i = 0; i < JSON_MAX_DEPTH + 1; i++)
		buffer_add_byte(&text, '[');
	for (size_t depth = 0; depth < 200; depth += 199) {
		assert_false(read_text(buffer_span(&text), depth, false, &seen, &error));
		assert_int_equal(error.code, ERROR_LIMIT);
		assert_non_null(strstr(error.message, "byte 128: nested deeper than 128"));
		buffer_free(&seen.text);
	}
	buffer_free(&text);
}

static void a_head_may_end_anywhere(void **state)
{
	const char *text = "{\"a\":{\"b\":[1,2,{\"c\":\"\\u00e9x\"}]},\"d\":true} {\"e\":1}";
	(void)state;
	for (size_t length = 1; length <= strlen(text); length++) {
		struct json_arena arena = {0};
		bool broken;
		struct json_value *value = json_parse_head(span_of(text, length), &arena, &broken);
		assert_non_null(value);
		assert_false(broken);
		assert_true(length < 34 || json_at(value, "a.b"));
		json_arena_free(&arena);
	}
}

/* ---- other people's hard cases ---- */

static void suite_file(const char *folder, const char *name)
{
	char path[512];
	struct seen seen;
	struct error error = {0};
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	struct buffer text = {0};
	assert_true(buffer_reserve(&text, 1 << 20));
	text.length = fread(text.data, 1, 1 << 20, file);
	fclose(file);
	bool ok = read_text(buffer_span(&text), 0, false, &seen, &error);
	if (name[0] == 'n' && (ok || strncmp(error.message, "byte ", 5) != 0))
		fail_msg("%s: %s", name, ok ? "was taken" : error.message);
	if (name[0] == 'y' && !ok)
		fail_msg("%s was refused: %s", name, error.message);
	buffer_free(&seen.text);
	buffer_free(&text);
}

static void the_parsing_suite_is_told_apart(void **state)
{
	const char *folder = "../shared/hostile/json/test_parsing";
	DIR *list = opendir(folder);
	int count = 0;
	(void)state;
	if (!list) {
		print_message("%s is absent: skipped\n", folder);
		skip();
	}
	for (struct dirent *entry; (entry = readdir(list));) {
		if (strlen(entry->d_name) < 6 || entry->d_name[1] != '_')
			continue;
		suite_file(folder, entry->d_name);
		count++;
	}
	closedir(list);
	assert_true(count > 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_keep_their_text_and_bytes),
		cmocka_unit_test(pairs_are_joined_and_halves_kept_as_written),
		cmocka_unit_test(of_a_repeated_key_the_last_counts_and_the_others_are_numbered),
		cmocka_unit_test(a_nul_and_invalid_bytes_are_kept),
		cmocka_unit_test(leaves_are_named_by_their_path),
		cmocka_unit_test(a_long_name_ends_in_json),
		cmocka_unit_test(elements_come_one_by_one),
		cmocka_unit_test(values_follow_one_another_when_asked),
		cmocka_unit_test(chunks_do_not_show),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(a_head_may_end_anywhere),
		cmocka_unit_test(the_parsing_suite_is_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
