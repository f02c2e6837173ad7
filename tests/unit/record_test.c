/* Reading records: cells, overlay, visibility, names. */
#include "case_support.h"

#include "casefile/statement.h"

static void small_record(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "hosts.csv");
	test_record_at(test, writer, KIND_HOST, 100,
		WORDS("name=WS01", "type=server", "site=Kamakura", "first_seen=2019-06", "rack=B 7",
			"asset=17", "status=confirmed"));
	assert_string_equal(test_text(test, KIND_HOST, 1), "none");
	test_finish(test, writer);
	assert_string_equal(test_text(test, KIND_HOST, 1),
		"name=WS01; type=server; site=Kamakura; first_seen=2019-06; +asset=17; +rack=B 7; "
		"+status=confirmed");
	assert_string_equal(test_text(test, KIND_SITE, 1), "name=Kamakura");
	assert_string_equal(test_text(test, KIND_HOST, 2), "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(small_record, test_begin, test_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
