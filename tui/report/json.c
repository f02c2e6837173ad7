#include "report/json.h"

#include "base/text.h"

/* Legal as it is, most of it, but no terminal should meet it. */
static void add_escaped(struct buffer *out, uint32_t code)
{
	if (code > 0xffff) {
		buffer_add_format(out, "\\u%04x", (unsigned)(0xd800 + ((code - 0x10000) >> 10)));
		code = 0xdc00 + (code & 0x3ff);
	}
	buffer_add_format(out, "\\u%04x", (unsigned)code);
}

static void add_quoted(struct buffer *out, struct span text, bool *exact)
{
	buffer_add_byte(out, '"');
	for (size_t at = 0; at < text.length;) {
		uint32_t code;
		size_t length = text_decode(text.data + at, text.length - at, &code);
		char byte = text.data[at];
		if (length == 0) {
			buffer_add_string(out, "\xef\xbf\xbd");
			*exact = false;
			length = 1;
		} else if (byte == '"' || byte == '\\') {
			buffer_add_byte(out, '\\');
			buffer_add_byte(out, byte);
		} else if (byte == '\n') {
			buffer_add_string(out, "\\n");
		} else if (byte == '\t') {
			buffer_add_string(out, "\\t");
		} else if (text_code_unsafe(code)) {
			add_escaped(out, code);
		} else {
			buffer_add(out, text.data + at, length);
		}
		at += length;
	}
	buffer_add_byte(out, '"');
}

static void add_base64(struct buffer *out, struct span bytes)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	buffer_add_byte(out, '"');
	for (size_t at = 0; at < bytes.length; at += 3) {
		size_t left = bytes.length - at;
		uint32_t group = (uint32_t)(uint8_t)bytes.data[at] << 16;
		if (left > 1)
			group |= (uint32_t)(uint8_t)bytes.data[at + 1] << 8;
		if (left > 2)
			group |= (uint8_t)bytes.data[at + 2];
		buffer_add_byte(out, digits[group >> 18]);
		buffer_add_byte(out, digits[group >> 12 & 63]);
		buffer_add_byte(out, left > 1 ? digits[group >> 6 & 63] : '=');
		buffer_add_byte(out, left > 2 ? digits[group & 63] : '=');
	}
	buffer_add_byte(out, '"');
}

static void begin_span(struct json *json, struct span name)
{
	bool exact;
	if (json->more)
		buffer_add_byte(json->out, ',');
	json->more = true;
	if (span_stated(name)) {
		add_quoted(json->out, name, &exact);
		buffer_add_byte(json->out, ':');
	}
}

static void begin(struct json *json, const char *name)
{
	begin_span(json, span_string(name));
}

void json_open(struct json *json, const char *name)
{
	begin(json, name);
	buffer_add_byte(json->out, '{');
	json->more = false;
}

void json_close(struct json *json)
{
	buffer_add_byte(json->out, '}');
	json->more = true;
}

void json_close_line(struct json *json)
{
	json_close(json);
	buffer_add_byte(json->out, '\n');
}

void json_open_array(struct json *json, const char *name)
{
	begin(json, name);
	buffer_add_byte(json->out, '[');
	json->more = false;
}

void json_close_array(struct json *json)
{
	buffer_add_byte(json->out, ']');
	json->more = true;
}

/* NAME_base64 and a colon. */
static void begin_base64(struct json *json, struct span name)
{
	struct buffer exact_name = {0};
	buffer_add_span(&exact_name, name);
	buffer_add_string(&exact_name, "_base64");
	if (buffer_failed(&exact_name))
		json->out->failed = true;
	else
		begin_span(json, buffer_span(&exact_name));
	buffer_free(&exact_name);
}

void json_field(struct json *json, struct span name, struct span text)
{
	bool exact = true;
	begin_span(json, name);
	add_quoted(json->out, text, &exact);
	if (exact || !span_stated(name))
		return;
	begin_base64(json, name);
	add_base64(json->out, text);
}

void json_list(struct json *json, struct span name, const struct span *texts, size_t count)
{
	bool exact = true;
	begin_span(json, name);
	for (size_t i = 0; i < count; i++) {
		buffer_add_byte(json->out, i ? ',' : '[');
		add_quoted(json->out, texts[i], &exact);
	}
	buffer_add_byte(json->out, ']');
	if (exact)
		return;
	begin_base64(json, name);
	for (size_t i = 0; i < count; i++) {
		buffer_add_byte(json->out, i ? ',' : '[');
		add_base64(json->out, texts[i]);
	}
	buffer_add_byte(json->out, ']');
}

void json_text(struct json *json, const char *name, struct span text)
{
	json_field(json, span_string(name), text);
}

void json_string(struct json *json, const char *name, const char *string)
{
	json_text(json, name, span_string(string));
}

void json_number(struct json *json, const char *name, int64_t number)
{
	begin(json, name);
	buffer_add_number(json->out, number);
}

void json_bool(struct json *json, const char *name, bool value)
{
	begin(json, name);
	buffer_add_string(json->out, value ? "true" : "false");
}
