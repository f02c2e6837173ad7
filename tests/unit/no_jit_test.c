/* Where the system refuses memory that is written and run, there is no JIT: the interpreter serves,
 * and says the same. */
#include "../search_support.h"

#include <sys/prctl.h>

/* Linux 6.3 */
#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif

static bool refuse_jit(void)
{
	/* valgrind is made of such memory. */
	const char *preload = getenv("LD_PRELOAD");
	if (preload && strstr(preload, "vgpreload"))
		return false;
	return prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) == 0;
}

static const char *const texts[] = {"foobar", "deadbeef", "(foo|bar)\\d", "[a-f0-9]{8}", "(?i)σ",
	"(?i)k", "^$", "a$", ".*", "\\w+\\.ps1", "(?=.*a)(?=.*b)", "[^a]b", "\\R", "\\X", "(.)\\1",
	"a(*SKIP)b|.", "\\bfoo\\b", "x?[ab]", "鎌倉", "(?s)a.b"};
static const struct held ways[] = {{.threads = 1}, {.threads = 3, .by_record = true},
	{.threads = 2, .options = {.letters = PATTERN_CASE_IGNORE}},
	{.threads = 2, .options = {.word = true}}, {.threads = 2, .options = {.whole_cell = true}},
	{.threads = 2, .options = {.literal = true}}};

static void interpreter_serves(void **state)
{
	struct test_case *test = *state;
	if (!refuse_jit()) {
		print_message("this system can't refuse JIT: skipped\n");
		skip();
	}
	assert_false(pattern_jit_available());
	struct dice dice = {.state = 4};
	struct writer *writer = test_writer(test, "events.csv");
	struct oracle oracle;
	dice_events(test, writer, &dice, 500);
	test_finish(test, writer);
	oracle_load(test, &oracle);
	for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
		for (size_t j = 0; j < ARRAY_LENGTH(ways); j++)
			same_as_oracle(test, &oracle, span_string(texts[i]), &ways[j]);
	assert_null(oracle.jit);
	assert_true(oracle.hits > 1000);
	assert_int_equal(oracle.undecided, 0);
	oracle_free(&oracle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(interpreter_serves, test_begin, test_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
