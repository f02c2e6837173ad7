#include "indicator.h"

#include "base/ascii.h"

#include <string.h>

#define MAX_VALUE 4096

static bool is_one_of(char byte, const char *set)
{
	return byte && strchr(set, byte) != NULL;
}

/* ---- what was done against a click ---- */

static const struct {
	const char *written, *meant;
} defanged[] = {
	{"[.]", "."},
	{"(.)", "."},
	{"{.}", "."},
	{"[dot]", "."},
	{"(dot)", "."},
	{"[:]", ":"},
	{"[://]", "://"},
	{"[@]", "@"},
	{"(@)", "@"},
	{"[at]", "@"},
	{"(at)", "@"},
	{"[/]", "/"},
};

size_t indicator_mark(struct span text, const char **meant)
{
	if (text.length == 0 || !is_one_of(text.data[0], "[({"))
		return 0;
	for (size_t i = 0; i < ARRAY_LENGTH(defanged); i++)
		if (span_starts_ignoring_case(text, defanged[i].written)) {
			*meant = defanged[i].meant;
			return strlen(defanged[i].written);
		}
	return 0;
}

bool indicator_refang(struct span text, struct buffer *out)
{
	bool changed = false;
	text = span_trim(text);
	buffer_clear(out);
	if (text.length == 0 || text.length > MAX_VALUE)
		return false;
	for (size_t i = 0; i < text.length; i++)
		if (is_one_of(text.data[i], " \t\r\n'\"<>`^*\\"))
			return false;
	size_t at = 0;
	if (span_starts_ignoring_case(text, "hxxp") || span_starts_ignoring_case(text, "fxp")) {
		bool web = span_starts_ignoring_case(text, "hxxp");
		buffer_add_string(out, web ? "http" : "ftp");
		at = web ? 4 : 3;
		changed = true;
	}
	while (at < text.length) {
		const char *meant;
		size_t length = indicator_mark(span_slice(text, at, text.length), &meant);
		if (length > 0)
			buffer_add_string(out, meant);
		else
			buffer_add_byte(out, text.data[at]);
		changed = changed || length > 0;
		at += length > 0 ? length : 1;
	}
	if (changed && !buffer_failed(out))
		return true;
	if (!changed)
		buffer_clear(out);
	return false;
}

/* ---- looks ---- */

const char *indicator_hash_type(struct span value)
{
	for (size_t i = 0; i < value.length; i++)
		if (!ascii_is_digit(value.data[i]) && !is_one_of(value.data[i], "abcdefABCDEF"))
			return NULL;
	switch (value.length) {
	case 32:
		return "md5";
	case 40:
		return "sha1";
	case 64:
		return "sha256";
	case 128:
		return "sha512";
	default:
		return NULL;
	}
}

/* `192.0.2.7`, also with a port or a prefix length behind it. */
static bool is_ipv4(struct span value)
{
	size_t at = 0;
	for (int part = 0; part < 4; part++) {
		int number = 0;
		size_t begin = at;
		while (at < value.length && ascii_is_digit(value.data[at]) && at - begin < 3)
			number = number * 10 + (value.data[at++] - '0');
		if (at == begin || number > 255)
			return false;
		if (part < 3 && (at == value.length || value.data[at++] != '.'))
			return false;
	}
	if (at == value.length)
		return true;
	if (!is_one_of(value.data[at], ":/") || ++at == value.length)
		return false;
	while (at < value.length && ascii_is_digit(value.data[at]))
		at++;
	return at == value.length;
}

static bool is_ipv6(struct span value)
{
	int colons = 0;
	for (size_t i = 0; i < value.length; i++) {
		if (value.data[i] == ':')
			colons++;
		else if (!ascii_is_digit(value.data[i]) &&
			 !is_one_of(value.data[i], "abcdefABCDEF."))
			return false;
	}
	return colons >= 2 && value.length >= 3 && (colons == 7 || span_find(value, "::"));
}

/* `invoice.exe` is a file. */
static bool ends_as_file(struct span value)
{
	static const char *const endings[] = {".exe", ".dll", ".sys", ".doc", ".docx", ".dotm",
		".docm", ".xls", ".xlsx", ".xlsm", ".ppt", ".pptx", ".pdf", ".rtf", ".js", ".vbs",
		".ps1", ".bat", ".cmd", ".lnk", ".zip", ".rar", ".iso", ".img", ".txt", ".log",
		".csv", ".json", ".xml", ".html", ".htm", ".php", ".jpg", ".png", ".gif", ".bin",
		".dat", ".tmp", ".apk", ".jar", ".msi", ".cab", ".evtx", ".db", ".ini", ".cfg"};
	for (size_t i = 0; i < ARRAY_LENGTH(endings); i++) {
		size_t length = strlen(endings[i]);
		if (value.length > length &&
			span_equal_ignoring_case(
				span_slice(value, value.length - length, value.length),
				span_of(endings[i], length)))
			return true;
	}
	return false;
}

/* Labels with dots between them, the last of letters alone. */
static bool is_domain(struct span value)
{
	size_t label = 0, dots = 0;
	bool letters = true;
	for (size_t i = 0; i < value.length; i++) {
		char byte = value.data[i];
		if (byte == '.') {
			if (label == 0)
				return false;
			dots++;
			label = 0;
			letters = true;
			continue;
		}
		if (!ascii_is_letter(byte) && !ascii_is_digit(byte) && !is_one_of(byte, "-_") &&
			!(byte & 0x80))
			return false;
		letters = letters && (ascii_is_letter(byte) || (byte & 0x80));
		label++;
	}
	return dots > 0 && label >= 2 && letters && !ends_as_file(value);
}

/* A domain or an IPv4 address, with or without a port. */
static bool is_host(struct span value)
{
	if (is_ipv4(value))
		return true;
	const char *colon = value.length ? memchr(value.data, ':', value.length) : NULL;
	size_t end = colon ? (size_t)(colon - value.data) : value.length;
	for (size_t i = end + 1; i < value.length; i++)
		if (!ascii_is_digit(value.data[i]))
			return false;
	return end + 1 != value.length && is_domain(span_slice(value, 0, end));
}

static bool is_url(struct span value)
{
	const char *slashes = span_find(value, "://");
	if (!slashes || slashes == value.data)
		return false;
	for (const char *at = value.data; at < slashes; at++)
		if (!ascii_is_letter(*at))
			return false;
	return (size_t)(slashes - value.data) + 3 < value.length;
}

static bool is_mail(struct span value)
{
	const char *at = value.length ? memchr(value.data, '@', value.length) : NULL;
	if (!at || at == value.data)
		return false;
	size_t behind = (size_t)(at - value.data) + 1;
	return is_domain(span_slice(value, behind, value.length));
}

const char *indicator_type(struct span value)
{
	value = span_trim(value);
	if (value.length == 0 || value.length > MAX_VALUE)
		return NULL;
	for (size_t i = 0; i < value.length; i++)
		if (is_one_of(value.data[i], " \t\r\n"))
			return NULL;
	const char *hash = indicator_hash_type(value);
	if (hash)
		return hash;
	if (is_ipv4(value) || is_ipv6(value))
		return "ip";
	if (is_url(value))
		return "url";
	if (is_mail(value))
		return "email";
	/* `example.net:8080/path` is what lists of addresses call a URL, too. */
	const char *slash = memchr(value.data, '/', value.length);
	if (slash && is_host(span_slice(value, 0, (size_t)(slash - value.data))))
		return "url";
	return is_domain(value) ? "domain" : NULL;
}

const char *indicator_type_of(struct span text)
{
	struct buffer plain = {0};
	bool changed = indicator_refang(text, &plain);
	const char *type = indicator_type(changed ? buffer_span(&plain) : text);
	buffer_free(&plain);
	return type;
}

struct span indicator_next(struct span *rest)
{
	size_t at = 0;
	while (at < rest->length && is_one_of(rest->data[at], " \t\r\n,;"))
		at++;
	size_t begin = at;
	while (at < rest->length && !is_one_of(rest->data[at], " \t\r\n,;"))
		at++;
	struct span next = span_slice(*rest, begin, at);
	*rest = span_slice(*rest, at, rest->length);
	return next.length > 0 ? next : span_string(NULL);
}

/* ---- names of columns ---- */

/* `Payload Hash` ends in the word hash, `rehash` does not. */
static bool ends_in_word(struct span name, const char *word)
{
	size_t length = strlen(word);
	if (name.length < length)
		return false;
	size_t begin = name.length - length;
	return (begin == 0 || is_one_of(name.data[begin - 1], " _-.")) &&
	       span_equal_ignoring_case(
		       span_slice(name, begin, name.length), span_of(word, length));
}

int indicator_column(struct span name)
{
	static const char *const hashes[] = {"hash", "hashes", "sha256", "sha-256", "sha_256",
		"sha 256", "sha1", "sha-1", "sha_1", "sha 1", "md5", "sha512", "sha-512"};
	static const char *const addresses[] = {"ip", "ips", "ipv4", "ip address", "url", "urls",
		"uri", "domain", "domains", "fqdn", "c2", "c2 server", "c&c"};
	/* What lies deep in an object of any shape speaks of something else. */
	int dots = 0;
	for (size_t i = 0; i < name.length; i++)
		dots += name.data[i] == '.';
	if (dots > 1)
		return 0;
	for (size_t i = 0; i < ARRAY_LENGTH(hashes); i++)
		if (ends_in_word(name, hashes[i]))
			return 2;
	for (size_t i = 0; i < ARRAY_LENGTH(addresses); i++)
		if (ends_in_word(name, addresses[i]))
			return 1;
	return 0;
}
