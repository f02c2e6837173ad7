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
	looks("a.example:8080/x", "url");
	looks("192.0.2.7:80/x", "url");
	looks("a.example:/x", NULL);
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

/* ---- in running text ---- */

/* Each as `TYPE WRITTEN`, `?` before what is intact; "; " between them. */
static void finds(const char *text, const char *expected)
{
	struct buffer out = {0};
	struct indicator_found found;
	size_t at = 0;
	struct span span = span_string(text);
	while (indicator_find(span, &at, &found)) {
		assert_true(found.start < found.end && found.end <= at && at <= span.length);
		buffer_add_format(&out, "%s%s%s %.*s", out.length > 0 ? "; " : "",
			found.intact ? "?" : "", found.type, (int)(found.end - found.start),
			text + found.start);
	}
	buffer_add_byte(&out, '\0');
	if (strcmp(out.data, expected) != 0)
		fail_msg("%s: %s", text, out.data);
	buffer_free(&out);
}

static void what_was_made_harmless_is_found(void **state)
{
	(void)state;
	finds("(hxxp://a[.]example/b(c)d), \"HXXPS[:]//a(.)example\".",
		"url hxxp://a[.]example/b(c)d; url HXXPS[:]//a(.)example");
	finds("[hxxp://a[.]example/q](http://b.example/x)",
		"url hxxp://a[.]example/q; ?url http://b.example/x");
	finds("**a[.]example** _b[.]example_ c[dot]d[dot]example,-e[.]example-",
		"domain a[.]example; domain b[.]example; domain c[dot]d[dot]example; "
		"domain e[.]example");
	finds("amy[@]a[.]example bob@a[.]example eve(at)a(dot)example",
		"email amy[@]a[.]example; email bob@a[.]example; ?email eve(at)a(dot)example");
	finds("a[.]example:8080/x?y=1 a[.]example:443 5.6.7[.]8:80/x 5.6.7[.]0/24 a[.]example/",
		"url a[.]example:8080/x?y=1; domain a[.]example; url 5.6.7[.]8:80/x; "
		"ip 5.6.7[.]0/24; url a[.]example/");
	finds("2001[:]db8[:][:]7", "ip 2001[:]db8[:][:]7");
	finds("hxxp://[C2]/x hxxp://localhost/ hxxp:// a[.]exe a[.] [.]a", "");
}

static void scripts_without_spaces_part_words(void **state)
{
	(void)state;
	finds("C2サーバーはa[.]exampleです。「b[.]example」",
		"domain a[.]example; domain b[.]example");
	finds("адрес a[.]example, пример[.]рф…", "domain a[.]example; domain пример[.]рф");
	finds("hxxp://a[.]example/xを", "url hxxp://a[.]example/x");
	finds("\xff\xe3\x81 a[.]example\xff", "domain a[.]example");
}

static void hashes_and_ids_are_found(void **state)
{
	(void)state;
	finds("md5:d41d8cd98f00b204e9800998ecf8427e, "
	      "SHA1=da39a3ee5e6b4b0d3255bfef95601890afd80709;",
		"md5 d41d8cd98f00b204e9800998ecf8427e; "
		"sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709");
	finds("commit `da39a3ee5e6b4b0d3255bfef95601890afd80709`", "");
	finds("/i/d41d8cd98f00b204e9800998ecf8427e d41d8cd98f00b204e9800998ecf8427e.png "
	      "https://a.example/d41d8cd98f00b204e9800998ecf8427e "
	      "12345678901234567890123456789012 d41d8cd98f00b204e9800998ecf8427e0",
		"?url https://a.example/d41d8cd98f00b204e9800998ecf8427e");
	finds("CVE-2019-9489, cve-2020-12345. CVE-19-1 XCVE-2019-9489 CVE-2019-948 "
	      "CVE-2019-12345678",
		"vulnerability CVE-2019-9489; vulnerability cve-2020-12345");
}

static void addresses_are_told_from_versions(void **state)
{
	(void)state;
	finds("198.51.100.7 198.51.100.7:443 198.51.100.0/24",
		"?ip 198.51.100.7; ip 198.51.100.7; ip 198.51.100.0/24");
	finds("1.2.3.4.5 10.0.17763.1852 v1.2.3.4 a-1.2.3.4 256.1.1.1 01.2.3.4 a/1.2.3.4 1.2.3",
		"");
	finds("127.0.0.1 0.0.0.0 255.255.255.0 127.0.0[.]1", "ip 127.0.0[.]1");
	finds("2001:db8::7 2001:db8:0:1:2:3:4:5/64 fe80::1%eth0",
		"ip 2001:db8::7; ip 2001:db8:0:1:2:3:4:5/64; ip fe80::1");
	finds("std::string dead::beef 12:34:56 00:11:22:33:44:55 aa:bb:cc:dd:ee:ff:00:11 2006:: "
	      "2001:db8:::7 2001::7::1 ::1",
		"");
	finds("github.example e.g. i.e. a.exe http://a.example/x. ftp://5.6.7.8/",
		"?domain github.example; ?url http://a.example/x; ?url ftp://5.6.7.8/");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_made_harmless_is_taken_back),
		cmocka_unit_test(other_text_stays_as_it_is),
		cmocka_unit_test(values_are_told_by_their_looks),
		cmocka_unit_test(columns_are_told_by_their_names),
		cmocka_unit_test(several_values_of_a_cell_come_one_by_one),
		cmocka_unit_test(what_was_made_harmless_is_found),
		cmocka_unit_test(scripts_without_spaces_part_words),
		cmocka_unit_test(hashes_and_ids_are_found),
		cmocka_unit_test(addresses_are_told_from_versions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
