/*
 * Indicators in running text. A report makes harmless what is malicious and leaves its references
 * as they are, so a value that stands intact is given as such: whoever knows where it stands (a
 * column of addresses, a line of its own) decides. Hashes, CVE ids and IPv6 addresses can't be
 * mistaken; four numbers with dots may be a version.
 */
#include "indicator.h"

#include "base/ascii.h"
#include "base/text.h"

#include <string.h>

#define MAX_LABELS 64
#define MAX_SCHEME 12

struct finder {
	struct span text;
	size_t at; /* where a word begins */
};

/* ---- characters ---- */

static bool is_hex(char byte)
{
	return ascii_is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

static bool is_one_of(char byte, const char *set)
{
	return byte && strchr(set, byte) != NULL;
}

static char byte_at(struct span text, size_t at)
{
	return at < text.length ? text.data[at] : '\0';
}

static struct span from(struct span text, size_t at)
{
	return span_slice(text, at, text.length);
}

/* Length of a character that words and names are made of; 0 for any other. Text without spaces
 * between its words (Japanese, Chinese, Korean particles) parts a word from the Latin one beside
 * it. */
static size_t word_character(struct span text, size_t at)
{
	uint32_t code;
	char byte = byte_at(text, at);
	if (ascii_is_letter(byte) || ascii_is_digit(byte) || byte == '-' || byte == '_')
		return 1;
	if (!(byte & 0x80))
		return 0;
	size_t length = text_decode(text.data + at, text.length - at, &code);
	bool letter = code >= 0xc0 && code < 0x2000 && code != 0xd7 && code != 0xf7;
	return letter ? length : 0;
}

/* Length of whatever stands at a byte, `.` or `@` defanged or not; 0 when none does. */
static size_t sign(struct span text, size_t at, char wanted, bool *defanged)
{
	const char *meant;
	size_t length = indicator_mark(from(text, at), &meant);
	if (length > 0 && meant[0] == wanted && meant[1] == '\0') {
		*defanged = true;
		return length;
	}
	return byte_at(text, at) == wanted ? 1 : 0;
}

/* Whether a value may end here: no word goes on. */
static bool ends(struct span text, size_t at)
{
	char next = byte_at(text, at + 1);
	return word_character(text, at) == 0 &&
	       !(byte_at(text, at) == '.' && (ascii_is_letter(next) || ascii_is_digit(next)));
}

/* ---- URLs ---- */

/* Behind the last byte that may belong to an address which runs on from `at`. */
static size_t address_end(struct span text, size_t at)
{
	static const char never[] = "\"'<>|\\^`{}*[]\x7f";
	int open = 0;
	size_t begin = at;
	while (at < text.length) {
		const char *meant;
		char byte = text.data[at];
		size_t mark = indicator_mark(from(text, at), &meant);
		if (mark > 0) {
			at += mark;
			continue;
		}
		open += byte == '(' ? 1 : byte == ')' ? -1 : 0;
		if ((unsigned char)byte <= ' ' || is_one_of(byte, never) || open < 0)
			break;
		size_t length = byte & 0x80 ? word_character(text, at) : 1;
		if (length == 0)
			break;
		at += length;
	}
	while (at > begin && is_one_of(text.data[at - 1], ".,;:!?"))
		at--;
	return at;
}

/* Behind `http://`, `hxxp[:]//` and the like at the word's begin; 0 when none stands there. */
static size_t scheme_end(const struct finder *finder)
{
	struct span text = finder->text;
	const char *meant;
	size_t at = finder->at;
	while (ascii_is_letter(byte_at(text, at)) && at - finder->at < MAX_SCHEME)
		at++;
	if (at == finder->at)
		return 0;
	size_t mark = indicator_mark(from(text, at), &meant);
	if (mark > 0 && strcmp(meant, "://") == 0)
		return at + mark;
	bool defanged;
	size_t colon = sign(text, at, ':', &defanged);
	for (int slash = 0; colon > 0 && slash < 2; slash++) {
		size_t length = sign(text, at + colon, '/', &defanged);
		colon = length > 0 ? colon + length : 0;
	}
	return colon > 0 ? at + colon : 0;
}

/* The host that a URL leads to, without its user and port. */
static struct span url_host(struct span url)
{
	const char *slashes = span_find(url, "://");
	if (!slashes)
		return span_string(NULL);
	struct span rest = from(url, (size_t)(slashes - url.data) + 3);
	size_t end = 0;
	while (end < rest.length && !is_one_of(rest.data[end], "/?#"))
		end++;
	rest = span_slice(rest, 0, end);
	const char *user = rest.length ? memrchr(rest.data, '@', rest.length) : NULL;
	if (user)
		rest = from(rest, (size_t)(user - rest.data) + 1);
	const char *port = rest.length ? memchr(rest.data, ':', rest.length) : NULL;
	return port ? span_slice(rest, 0, (size_t)(port - rest.data)) : rest;
}

static bool leads_somewhere(struct span url)
{
	const char *type = indicator_type(url_host(url));
	return type && (strcmp(type, "domain") == 0 || strcmp(type, "ip") == 0);
}

/* True when a URL begins the word, whether it counts for something (found->type) or not. */
static bool take_url(const struct finder *finder, struct indicator_found *found)
{
	size_t begin = scheme_end(finder);
	if (begin == 0)
		return false;
	found->end = address_end(finder->text, begin);
	struct span written = span_slice(finder->text, finder->at, found->end);
	struct buffer plain = {0};
	found->intact = !indicator_refang(written, &plain);
	struct span url = found->intact ? written : buffer_span(&plain);
	found->type = leads_somewhere(url) ? "url" : NULL;
	buffer_free(&plain);
	return true;
}

/* ---- hashes and CVE ids ---- */

/* Whether the word before is one that makes a hash the name of a version. */
static bool names_version(struct span text, size_t at)
{
	static const char *const words[] = {"commit", "revision", "changeset", "blob", "tree"};
	while (at > 0 && is_one_of(text.data[at - 1], " `:(["))
		at--;
	size_t end = at;
	while (at > 0 && ascii_is_letter(text.data[at - 1]))
		at--;
	for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
		if (span_equal_ignoring_case(span_slice(text, at, end), span_string(words[i])))
			return true;
	return false;
}

/* A hash has letters and digits, and stands in no path and no name of a file. */
static bool take_hash(const struct finder *finder, struct indicator_found *found)
{
	struct span text = finder->text;
	size_t end = finder->at, digits = 0;
	char before = finder->at > 0 ? text.data[finder->at - 1] : ' ';
	for (; is_hex(byte_at(text, end)); end++)
		digits += ascii_is_digit(text.data[end]);
	const char *type = indicator_hash_type(span_slice(text, finder->at, end));
	if (!type || !ends(text, end) || digits == 0 || digits == end - finder->at ||
		is_one_of(before, "/\\.%@") ||
		(strcmp(type, "sha1") == 0 && names_version(text, finder->at)))
		return false;
	*found = (struct indicator_found){.end = end, .type = type};
	return true;
}

static bool take_cve(const struct finder *finder, struct indicator_found *found)
{
	struct span text = finder->text;
	size_t at = finder->at;
	if (!span_equal_ignoring_case(span_slice(text, at, at + 4), span_string("CVE-")))
		return false;
	size_t year = at + 4, number = year + 5, end = number;
	for (at = year; at < year + 4; at++)
		if (!ascii_is_digit(byte_at(text, at)))
			return false;
	while (ascii_is_digit(byte_at(text, end)))
		end++;
	if (byte_at(text, year + 4) != '-' || end - number < 4 || end - number > 7 ||
		!ends(text, end))
		return false;
	*found = (struct indicator_found){.end = end, .type = "vulnerability"};
	return true;
}

/* ---- IPv6 ---- */

struct groups {
	size_t count, longest, first, digits;
	bool gap;
};

/* Behind the groups of an IPv6 address; 0 when what stands there is none. */
static size_t read_groups(struct span text, size_t at, struct groups *groups)
{
	bool ignored;
	*groups = (struct groups){0};
	for (;;) {
		size_t begin = at;
		for (; is_hex(byte_at(text, at)) && at - begin <= 4; at++)
			groups->digits += ascii_is_digit(text.data[at]);
		size_t length = at - begin;
		groups->first = groups->count == 0 ? length : groups->first;
		groups->longest = length > groups->longest ? length : groups->longest;
		groups->count += length > 0;
		size_t colon = sign(text, at, ':', &ignored);
		if (length > 4 || groups->count > 8 || (length == 0 && colon > 0))
			return 0;
		size_t second = colon > 0 ? sign(text, at + colon, ':', &ignored) : 0;
		if (second > 0 && groups->gap)
			return 0;
		groups->gap = groups->gap || second > 0;
		if (second == 0 && (colon == 0 || !is_hex(byte_at(text, at + colon))))
			return at;
		at += colon + second;
	}
}

/* Behind `/64` or the like when it stands at `at`; else at. */
static size_t behind_prefix(struct span text, size_t at, int most)
{
	size_t end = at + 1;
	int bits = 0;
	while (ascii_is_digit(byte_at(text, end)) && end - at <= 3)
		bits = bits * 10 + (text.data[end++] - '0');
	bool prefix = byte_at(text, at) == '/' && end > at + 1 && bits <= most && ends(text, end) &&
		      byte_at(text, end) != '/';
	return prefix ? end : at;
}

/* Eight groups, one of them long (eight short ones are another kind of number), or a long first
 * group and a gap (C++ has names with `::`). */
static bool take_ipv6(const struct finder *finder, struct indicator_found *found)
{
	struct groups groups;
	struct span text = finder->text;
	size_t end = read_groups(text, finder->at, &groups);
	bool whole = groups.count == 8 && !groups.gap && groups.longest > 2;
	bool cut = groups.count > 1 && groups.count < 8 && groups.gap && groups.first > 2;
	char before = finder->at > 0 ? text.data[finder->at - 1] : ' ';
	if (end == 0 || (!whole && !cut) || groups.digits == 0 || before == ':' ||
		!ends(text, end) || (byte_at(text, end) == ':' && !ends(text, end + 1)))
		return false;
	*found = (struct indicator_found){.end = behind_prefix(text, end, 128), .type = "ip"};
	return true;
}

/* ---- names with dots: hosts, mail addresses, IPv4 ---- */

struct name {
	size_t end;
	size_t labels;
	bool defanged, mail;
	bool spelled_only; /* defanged by words alone: `(at)` is also how people hide from spam */
	bool numbers;      /* of digits alone */
	int64_t part[4];   /* the first numbers; -1: one that no address has */
};

static void read_label(struct span label, struct name *name)
{
	int64_t number = 0;
	bool odd = label.length > 3 || (label.length > 1 && label.data[0] == '0');
	for (size_t i = 0; i < label.length; i++) {
		name->numbers = name->numbers && ascii_is_digit(label.data[i]);
		if (!odd && name->numbers)
			number = number * 10 + (label.data[i] - '0');
	}
	if (name->labels < ARRAY_LENGTH(name->part))
		name->part[name->labels] = odd || number > 255 ? -1 : number;
	name->labels++;
}

/* Labels and what parts them, as far as they go. */
static struct name read_name(struct span text, size_t at)
{
	struct name name = {.numbers = true, .spelled_only = true, .end = at};
	while (name.labels < MAX_LABELS) {
		size_t begin = at, length;
		while ((length = word_character(text, at)) > 0 ||
			(!name.mail && at > begin && is_one_of(byte_at(text, at), "+%")))
			at += length > 0 ? length : 1;
		if (at == begin)
			break;
		read_label(span_slice(text, begin, at), &name);
		name.end = at;
		bool defanged = false;
		size_t dot = sign(text, at, '.', &defanged);
		size_t mail = dot == 0 && !name.mail ? sign(text, at, '@', &defanged) : 0;
		if (dot + mail == 0 || word_character(text, at + dot + mail) == 0)
			break;
		name.defanged = name.defanged || defanged;
		if (defanged && !ascii_is_letter(byte_at(text, at + 1)))
			name.spelled_only = false;
		name.mail = name.mail || mail > 0;
		at += dot + mail;
	}
	return name;
}

/* Whether `:443` or `[:]443` stands at `at`. */
static bool has_port(struct span text, size_t at)
{
	bool ignored;
	size_t colon = sign(text, at, ':', &ignored), end = at + colon;
	while (ascii_is_digit(byte_at(text, end)))
		end++;
	return colon > 0 && end > at + colon && end - at - colon <= 5 && ends(text, end);
}

/* Numbers that no machine in particular has. */
static bool is_nobody(const struct name *name)
{
	return name->part[0] == 0 || name->part[0] == 127 || name->part[0] >= 224;
}

static void judge_ipv4(
	const struct finder *finder, const struct name *name, struct indicator_found *found)
{
	struct span text = finder->text;
	char before = finder->at > 0 ? text.data[finder->at - 1] : ' ';
	for (size_t i = 0; i < 4; i++)
		if (name->part[i] < 0)
			return;
	if (!name->defanged && (is_one_of(before, "/.") || is_nobody(name)))
		return;
	size_t end = behind_prefix(text, name->end, 32);
	found->intact = !name->defanged && end == name->end && !has_port(text, end);
	found->end = end;
	found->type = "ip";
}

/* A name that somebody defanged goes on with its path. */
static size_t behind_path(struct span text, size_t at)
{
	bool ignored;
	size_t host = at;
	if (has_port(text, at)) {
		at += sign(text, at, ':', &ignored);
		while (ascii_is_digit(byte_at(text, at)))
			at++;
	}
	return sign(text, at, '/', &ignored) > 0 ? address_end(text, at) : host;
}

/* The word that begins here, all of it: what it is, if it is anything. */
static void take_name(const struct finder *finder, struct indicator_found *found)
{
	struct name name = read_name(finder->text, finder->at);
	*found = (struct indicator_found){.end = name.end};
	bool address = name.numbers && name.labels == 4 && !name.mail;
	if (address && behind_prefix(finder->text, name.end, 32) != name.end) {
		judge_ipv4(finder, &name, found);
		return;
	}
	if (name.defanged && !name.mail)
		found->end = behind_path(finder->text, name.end);
	if (address && found->end == name.end) {
		judge_ipv4(finder, &name, found);
		return;
	}
	if (name.labels < 2)
		return;
	while (found->end > finder->at && is_one_of(finder->text.data[found->end - 1], "-_"))
		found->end--;
	struct span written = span_slice(finder->text, finder->at, found->end);
	found->intact = !name.defanged || (name.mail && name.spelled_only);
	found->type = indicator_type_of(written);
}

/* ---- the words of a text ---- */

bool indicator_find(struct span text, size_t *at, struct indicator_found *found)
{
	struct finder finder = {.text = text};
	while (*at < text.length) {
		size_t length = word_character(text, *at);
		if (length == 0 || is_one_of(text.data[*at], "-_")) {
			++*at;
			continue;
		}
		finder.at = *at;
		if (!take_url(&finder, found) && !take_cve(&finder, found) &&
			!take_hash(&finder, found) && !take_ipv6(&finder, found))
			take_name(&finder, found);
		found->start = finder.at;
		*at = found->end > finder.at ? found->end : finder.at + length;
		if (found->type)
			return true;
	}
	return false;
}
