/* What looks like an indicator, and how its text is taken back from what makes it harmless. */
#include "cmocka_all.h"

#include "../../tui/ingest/indicator.h"

static void is_read(const char *written, const char *meant)
{
	struct buffer out = {0};
	bool changed = indicator_refang(span_string(written), &out);
	assert_int_equal(changed, meant != NULL);
	if (meant)
		assert_string_equal(out.data, meant);
	else
		assert_int_equal(out.length, 0);
	buffer_free(&out);
}

static void what_was_made_harmless_is_taken_back(void **state)
{
	(void)state;
	is_read("hxxp://a[.]example/x", "http://a.example/x");
	is_read("HXXPS[:]//a(.)example", "httpS://a.example");
	is_read("http://www[.]a.example", "http://www.a.example");
	is_read("amy[@]a[dot]example", "amy@a.example");
	is_read("10[.]0[.]0[.]1", "10.0.0.1");
	is_read(" a[.]example ", "a.example");
}

static void other_text_stays_as_it_is(void **state)
{
	(void)state;
	is_read("a.example", NULL);
	is_read("", NULL);
	is_read("a[.]example and b[.]example", NULL);
	is_read("^a[.]exe$", NULL);
	is_read("C:\\a[.]b", NULL);
	is_read("[domain-name:value = 'a[.]b']", NULL);
	is_read("a[", NULL);
}

static void looks(const char *text, const char *type)
{
	const char *is = indicator_type_of(span_string(text));
	if (type)
		assert_string_equal(is ? is : "none", type);
	else
		assert_null(is);
}

static void values_are_told_by_their_looks(void **state)
{
	(void)state;
	looks("d41d8cd98f00b204e9800998ecf8427e", "md5");
	looks("DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", "sha1");
	looks("192.0.2.7", "ip");
	looks("192.0.2.7:8080", "ip");
	looks("192.0.2.0/24", "ip");
	looks("2001:db8::1", "ip");
	looks("hxxp://a[.]example/x", "url");
	looks("a.example/x", "url");
	looks("amy@a.example", "email");
	looks("a.b-c.example", "domain");
	looks("a[.]example", "domain");
	looks("256.0.0.1", NULL);
	looks("1.2.3", NULL);
	looks("192.0.2.7:", NULL);
	looks("invoice.exe", NULL);
	looks("two words.example", NULL);
	looks("a..example", NULL);
	looks(".example", NULL);
	looks("d41d8cd9", NULL);
	looks("://", NULL);
	looks("@a.example", NULL);
	looks("", NULL);
}

static void columns_are_told_by_their_names(void **state)
{
	(void)state;
	assert_int_equal(indicator_column(span_string("SHA-256")), 2);
	assert_int_equal(indicator_column(span_string("Remote Template Hash")), 2);
	assert_int_equal(indicator_column(span_string("file.md5")), 2);
	assert_int_equal(indicator_column(span_string("C2 Server")), 1);
	assert_int_equal(indicator_column(span_string("src_ip")), 1);
	assert_int_equal(indicator_column(span_string("a.b.hash")), 0);
	assert_int_equal(indicator_column(span_string("rehash")), 0);
	assert_int_equal(indicator_column(span_string("ship")), 0);
	assert_int_equal(indicator_column(span_string("")), 0);
}

static void several_values_of_a_cell_come_one_by_one(void **state)
{
	(void)state;
	struct span rest = span_string(" a, b;c\n d ");
	static const char *const wanted[] = {"a", "b", "c", "d"};
	for (size_t i = 0; i < 4; i++)
		assert_true(span_is(indicator_next(&rest), wanted[i]));
	assert_false(span_stated(indicator_next(&rest)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_made_harmless_is_taken_back),
		cmocka_unit_test(other_text_stays_as_it_is),
		cmocka_unit_test(values_are_told_by_their_looks),
		cmocka_unit_test(columns_are_told_by_their_names),
		cmocka_unit_test(several_values_of_a_cell_come_one_by_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
