#include "pattern_private.h"

#include "base/buffer.h"

#include <stdio.h>
#include <string.h>

#define NEST_LIMIT 50
#define COMPILE_OPTIONS (PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C)

struct pattern_source {
	struct span text;
	uint32_t options;
	pcre2_compile_context *context;
};

/* What may stand before a pattern and holds for all of it; a wrapper goes behind these. */
static const char *const leading_verbs[] = {"UTF)", "UCP)", "NUL)", "CR)", "LF)", "CRLF)", "ANY)",
	"ANYCRLF)", "BSR_ANYCRLF)", "BSR_UNICODE)", "NOTEMPTY)", "NOTEMPTY_ATSTART)",
	"NO_AUTO_POSSESS)", "NO_DOTSTAR_ANCHOR)", "NO_JIT)", "NO_START_OPT)"};
static const char *const leading_limits[] = {
	"LIMIT_HEAP=", "LIMIT_MATCH=", "LIMIT_DEPTH=", "LIMIT_RECURSION="};

static bool begins(struct span text, size_t at, const char *word)
{
	size_t length = strlen(word);
	return text.length - at >= length && memcmp(text.data + at, word, length) == 0;
}

/* Bytes of the verb whose name begins at `at`, its `)` included; 0 for anything else. */
static size_t leading_verb(struct span text, size_t at)
{
	for (size_t i = 0; i < ARRAY_LENGTH(leading_verbs); i++)
		if (begins(text, at, leading_verbs[i]))
			return strlen(leading_verbs[i]);
	for (size_t i = 0; i < ARRAY_LENGTH(leading_limits); i++) {
		if (!begins(text, at, leading_limits[i]))
			continue;
		const char *end = memchr(text.data + at, ')', text.length - at);
		return end ? (size_t)(end - text.data) - at + 1 : 0;
	}
	return 0;
}

static size_t verbs_length(struct span text)
{
	size_t at = 0;
	while (begins(text, at, "(*")) {
		size_t verb = leading_verb(text, at + 2);
		if (verb == 0)
			break;
		at += 2 + verb;
	}
	return at;
}

static bool set_compile_error(struct error *error, int code, size_t offset, size_t length)
{
	char words[160];
	if (code == PCRE2_ERROR_HEAP_FAILED)
		return error_memory(error);
	if (pcre2_get_error_message(code, (PCRE2_UCHAR *)words, sizeof words) < 0)
		snprintf(words, sizeof words, "it does not compile");
	if (offset > length)
		offset = length;
	if (code <= PCRE2_ERROR_UTF8_ERR1 && code >= PCRE2_ERROR_UTF8_ERR21)
		return error_set_at(error, ERROR_PATTERN, (long long)offset,
			"no UTF-8 at byte %zu; such a byte of a cell is found as \\x1a", offset);
	return error_set_at(error, ERROR_PATTERN, (long long)offset,
		"%s at byte %zu; correct it there, or search for the text as it is", words, offset);
}

static pcre2_code *compile(const struct pattern_source *source, int *code, size_t *offset)
{
	return pcre2_compile((PCRE2_SPTR)(source->text.data ? source->text.data : ""),
		source->text.length, source->options, code, offset, source->context);
}

static int find_callout(pcre2_callout_enumerate_block *block, void *place)
{
	*(size_t *)place = block->pattern_position;
	return 1;
}

/* A callout is the matcher's own means. The place PCRE2 knows is behind it. */
static bool refuse_callouts(const pcre2_code *code, struct span text, struct error *error)
{
	size_t place = 0;
	if (pcre2_callout_enumerate(code, find_callout, &place) == 0)
		return true;
	while (place > 0 && !begins(text, place, "(?C"))
		place--;
	return error_set_at(error, ERROR_PATTERN, (long long)place,
		"callouts are not allowed at byte %zu; leave out (?C...)", place);
}

static bool refuse_limit(
	const pcre2_code *code, uint32_t what, uint32_t most, const char *verb, struct error *error)
{
	uint32_t wanted = 0;
	if (pcre2_pattern_info(code, what, &wanted) != 0 || wanted <= most)
		return true;
	return error_set_at(error, ERROR_PATTERN, 0,
		"(*%s=%u) is above the limit that holds here; leave it out, or take at most %u",
		verb, wanted, most);
}

/* Compiles what the person wrote, by itself, so that errors name bytes of that, and refuses what
 * would give the pattern a hold on the matcher. */
static bool check_source(struct pattern *pattern, const struct pattern_source *source, bool literal,
	struct error *error)
{
	int code_error = 0;
	size_t offset = 0;
	struct pattern_source bare = *source;
	if (literal)
		bare.options = PCRE2_UTF | PCRE2_LITERAL;
	pcre2_code *code = compile(&bare, &code_error, &offset);
	if (!code)
		return set_compile_error(error, code_error, offset, source->text.length);
	uint32_t newline = PCRE2_NEWLINE_LF;
	bool good =
		refuse_callouts(code, source->text, error) &&
		refuse_limit(
			code, PCRE2_INFO_MATCHLIMIT, PATTERN_STEP_LIMIT, "LIMIT_MATCH", error) &&
		refuse_limit(code, PCRE2_INFO_HEAPLIMIT, PATTERN_HEAP_LIMIT, "LIMIT_HEAP", error) &&
		refuse_limit(
			code, PCRE2_INFO_DEPTHLIMIT, PATTERN_DEPTH_LIMIT, "LIMIT_DEPTH", error);
	if (pcre2_pattern_info(code, PCRE2_INFO_NEWLINE, &newline) == 0)
		pattern->crlf_is_newline = newline == PCRE2_NEWLINE_CRLF ||
					   newline == PCRE2_NEWLINE_ANY ||
					   newline == PCRE2_NEWLINE_ANYCRLF;
	pcre2_code_free(code);
	return good;
}

/* The same text with every ASCII character that could mean something made literal. */
static void add_literal(struct buffer *out, struct span text)
{
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		bool letter = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
			      (byte >= 'A' && byte <= 'Z') || byte >= 0x80;
		if (!letter)
			buffer_add_byte(out, '\\');
		buffer_add_byte(out, (char)byte);
	}
}

/* What closes a group around a pattern that compiles by itself: \E ends a \Q that is left open (and
 * is nothing otherwise); where that is swallowed by a comment of (?x), a line end comes first, as
 * the newline convention of the pattern has it. */
static const struct span closers[] = {{"\\E", 2}, {"\\E\n", 3}, {"\\E\r\n", 4}, {"\\E\0", 3}};

static pcre2_code *compile_word(const struct pattern_source *source, int *code, size_t *offset)
{
	size_t verbs = verbs_length(source->text);
	pcre2_code *compiled = NULL;
	for (size_t i = 0; !compiled && i < ARRAY_LENGTH(closers); i++) {
		struct buffer wrapped = {0};
		buffer_add(&wrapped, source->text.data, verbs);
		buffer_add_string(&wrapped, "(?<!\\w)(?:");
		buffer_add_span(&wrapped, span_slice(source->text, verbs, source->text.length));
		buffer_add_span(&wrapped, closers[i]);
		buffer_add_string(&wrapped, ")(?!\\w)");
		struct pattern_source whole = *source;
		whole.text = buffer_span(&wrapped);
		*code = PCRE2_ERROR_HEAP_FAILED;
		if (!buffer_failed(&wrapped))
			compiled = compile(&whole, code, offset);
		buffer_free(&wrapped);
	}
	return compiled;
}

static pcre2_code *compile_form(const struct pattern_source *source, bool word, struct error *error)
{
	int code = 0;
	size_t offset = 0;
	pcre2_code *compiled =
		word ? compile_word(source, &code, &offset) : compile(source, &code, &offset);
	if (!compiled) {
		set_compile_error(error, code, 0, 0);
		return NULL;
	}
	/* Where the system or the pattern refuses JIT, the interpreter serves. */
	pcre2_jit_compile(compiled, PCRE2_JIT_COMPLETE);
	return compiled;
}

static bool compile_forms(
	struct pattern *pattern, pcre2_compile_context *context, struct error *error)
{
	const struct pattern_options *options = &pattern->options;
	struct pattern_source source = {
		.text = pattern_text(pattern), .options = COMPILE_OPTIONS, .context = context};
	if (!check_source(pattern, &source, options->literal, error))
		return false;
	struct buffer escaped = {0};
	if (options->literal) {
		add_literal(&escaped, source.text);
		if (buffer_failed(&escaped))
			return error_memory(error);
		source.text = buffer_span(&escaped);
	}
	if (options->letters == PATTERN_CASE_IGNORE)
		source.options |= PCRE2_CASELESS;
	if (options->whole_cell)
		source.options |= PCRE2_ANCHORED | PCRE2_ENDANCHORED;
	pattern->plain = compile_form(&source, options->word, error);
	source.options |= PCRE2_AUTO_CALLOUT;
	if (pattern->plain)
		pattern->guarded = compile_form(&source, options->word, error);
	buffer_free(&escaped);
	return pattern->guarded != NULL;
}

struct pattern *pattern_compile(
	struct span text, const struct pattern_options *options, struct error *error)
{
	if (text.length > PATTERN_MAX_LENGTH) {
		error_set_at(error, ERROR_PATTERN, PATTERN_MAX_LENGTH,
			"the pattern has %zu bytes; make it at most %d", text.length,
			PATTERN_MAX_LENGTH);
		return NULL;
	}
	struct pattern *pattern = calloc(1, sizeof *pattern + text.length + 1);
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	bool good = pattern && context;
	if (!good)
		error_memory(error);
	if (good) {
		if (text.length > 0)
			memcpy(pattern->text, text.data, text.length);
		pattern->length = text.length;
		pattern->options = *options;
		bool ignore = options->letters == PATTERN_CASE_IGNORE ||
			      (options->letters == PATTERN_CASE_SMART &&
				      !pattern_has_upper_case(text, options->literal));
		pattern->options.letters = ignore ? PATTERN_CASE_IGNORE : PATTERN_CASE_EXACT;
		pcre2_set_newline(context, PCRE2_NEWLINE_LF);
		pcre2_set_parens_nest_limit(context, NEST_LIMIT);
		good = compile_forms(pattern, context, error);
	}
	pcre2_compile_context_free(context);
	if (good)
		return pattern;
	pattern_free(pattern);
	return NULL;
}

void pattern_free(struct pattern *pattern)
{
	if (!pattern)
		return;
	pcre2_code_free(pattern->plain);
	pcre2_code_free(pattern->guarded);
	free(pattern);
}

struct span pattern_text(const struct pattern *pattern)
{
	return span_of(pattern->text, pattern->length);
}

bool pattern_ignores_case(const struct pattern *pattern)
{
	return pattern->options.letters == PATTERN_CASE_IGNORE;
}

bool pattern_is_literal(const struct pattern *pattern)
{
	return pattern->options.literal;
}

static bool has_jit(const pcre2_code *code)
{
	size_t size = 0;
	return pcre2_pattern_info(code, PCRE2_INFO_JITSIZE, &size) == 0 && size > 0;
}

bool pattern_uses_jit(const struct pattern *pattern)
{
	return has_jit(pattern->plain);
}

bool pattern_jit_available(void)
{
	int error = 0;
	size_t offset = 0;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR) "a+b", 3, 0, &error, &offset, NULL);
	if (!code)
		return false;
	pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	bool available = has_jit(code);
	pcre2_code_free(code);
	return available;
}

void pattern_pcre2_version(char *text, size_t size)
{
	char version[64] = "";
	pcre2_config(PCRE2_CONFIG_VERSION, version);
	snprintf(text, size, "%s", version);
}
