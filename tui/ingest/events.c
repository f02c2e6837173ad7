#include "events.h"

#include "base/buffer.h"
#include "ingest/loader.h"

#include <string.h>

#define WINDOWS "winlog.event_data"
#define MAX_PATH 96

static const struct event_shape shapes[] = {
	{.name = "plaso",
		.needs = "__container_type__+timestamp_desc",
		.times = {{"timestamp", STAMP_MICRO}},
		.time_kind = "timestamp_desc",
		.host = "hostname|computer_name",
		.account = "username",
		.action = "data_type",
		.message = "message",
		.nothing = "-|:"},
	{.name = "hayabusa",
		.needs = "Timestamp+RuleTitle+Computer",
		.times = {{"Timestamp", STAMP_ANY}},
		.host = "Computer",
		.account = "Details.TgtUser|Details.SrcUser|Details.User|Details.Acct",
		.action = "Channel+EventID",
		.message = "RuleTitle",
		.key = "host+Channel+RecordID+RuleID|host+Channel+RecordID+message",
		.nothing = "n/a|-"},
	{.name = "timesketch",
		.needs = "message+datetime+timestamp_desc|message+timestamp+timestamp_desc",
		.times = {{"datetime", STAMP_UTC}, {"timestamp", STAMP_EPOCH}},
		.time_kind = "timestamp_desc",
		.host = "computer_name|hostname",
		.account = "username|user_sid",
		.action = "data_type",
		.message = "message",
		.nothing = "-|:"},
	{.name = "winlog",
		.needs = "@metadata.beat+event_data|winlog.channel|Hostname+EventID|"
			 "event_data+computer_name",
		.times = {{"event_data.UtcTime", STAMP_UTC}, {WINDOWS ".UtcTime", STAMP_UTC},
			{"UtcTime", STAMP_UTC}, {"TimeCreated", STAMP_ANY},
			{"@timestamp", STAMP_ANY}, {"EventTime", STAMP_ANY}},
		.host = "computer_name|winlog.computer_name|Hostname|host.name",
		.account = "event_data.TargetDomainName+event_data.TargetUserName|"
			   "event_data.SubjectDomainName+event_data.SubjectUserName|"
			   "event_data.User|" WINDOWS ".TargetDomainName+" WINDOWS
			   ".TargetUserName|" WINDOWS ".SubjectDomainName+" WINDOWS
			   ".SubjectUserName|" WINDOWS ".User|TargetDomainName+TargetUserName|"
			   "SubjectDomainName+SubjectUserName|User|Domain+AccountName|"
			   "user.domain+user.name",
		.action = "log_name+event_id|winlog.channel+winlog.event_id|Channel+EventID",
		.message = "message|Message",
		.key = "host+log_name+record_number|host+winlog.channel+winlog.record_id|"
		       "host+Channel+RecordNumber",
		.nothing = "-"},
	{.name = "ecs",
		.needs = "@timestamp+ecs.version|@timestamp+event.action|@timestamp+host.name|"
			 "@timestamp+event.category",
		.times = {{"@timestamp", STAMP_ANY}},
		.host = "host.name|host.hostname",
		.account = "user.domain+user.name|user.email",
		.action = "event.action|event.code|event.category",
		.message = "message|event.original",
		.nothing = "-"},
	{.name = "zeek",
		.needs = "ts+uid+id_orig_h|ts+uid+id.orig_h|@stream+ts|ts+_path",
		.times = {{"ts", STAMP_EPOCH}},
		.host = "id_orig_h|id.orig_h",
		.action = "@stream|_path",
		.message = "query|msg|name|host+uri|service|proto",
		.key = "action+uid|uid"},
	{.name = "cloudtrail",
		.needs = "EventTime+EventName+EventSource|eventTime+eventName+eventSource",
		.times = {{"EventTime", STAMP_UTC}, {"eventTime", STAMP_UTC}},
		.account = "Username|userIdentity.userName|userIdentity.arn",
		.action = "EventName|eventName",
		.message = "EventSource+EventName|eventSource+eventName",
		.key = "EventId|eventID"},
	{.name = "gcp-audit",
		.needs = "protoPayload+timestamp",
		.times = {{"timestamp", STAMP_UTC}},
		.account = "protoPayload.authenticationInfo.principalEmail",
		.action = "protoPayload.methodName",
		.message = "protoPayload.methodName+protoPayload.resourceName|textPayload",
		.key = "insertId"},
	{.name = "azure-activity",
		.needs = "operationName+eventTimestamp|operationName+time+category|"
			 "operationName+caller",
		.times = {{"eventTimestamp", STAMP_UTC}, {"time", STAMP_UTC}},
		.account = "caller|identity",
		.action = "operationName.value|operationName",
		.message = "description|operationName.localizedValue|resourceId",
		.key = "eventDataId"},
	{.name = "m365-audit",
		.needs = "CreationTime+Operation+UserId",
		.times = {{"CreationTime", STAMP_UTC}},
		.account = "UserId",
		.action = "Operation",
		.message = "Workload+Operation",
		.key = "Id"},
	/* Rows of a table: the header is the shape. */
	{.name = "l2tcsv",
		.needs = "date+time+timezone+MACB",
		.times = {{"date", STAMP_MDY}},
		.time_kind = "type",
		.host = "host",
		.account = "user",
		.action = "sourcetype",
		.message = "desc|short",
		.nothing = "-"},
	{.name = "psort",
		.needs = "datetime+timestamp_desc+source+source_long+message+parser",
		.times = {{"datetime", STAMP_UTC}},
		.time_kind = "timestamp_desc",
		.host = "hostname|computer_name",
		.account = "username",
		.action = "source_long",
		.message = "message",
		.nothing = "-"},
	{.name = "tln",
		.needs = "Time+Source+Host+User+Description",
		.times = {{"Time", STAMP_EPOCH}},
		.host = "Host",
		.account = "User",
		.action = "Source",
		.message = "Description",
		.nothing = "-"},
};

const struct event_shape *event_shape(const char *name)
{
	for (size_t i = 0; i < ARRAY_LENGTH(shapes); i++)
		if (strcmp(shapes[i].name, name) == 0)
			return &shapes[i];
	return NULL;
}

/* ---- values of a shape's paths ---- */

/* The next alternative before a `|`, into room; false at the end. */
static bool next_path(const char **list, char room[2 * MAX_PATH])
{
	if (!*list || !**list)
		return false;
	size_t length = strcspn(*list, "|");
	size_t kept = length < 2 * MAX_PATH ? length : 2 * MAX_PATH - 1;
	memcpy(room, *list, kept);
	room[kept] = '\0';
	*list += length + ((*list)[length] == '|');
	return true;
}

static bool means_nothing(const struct event_shape *shape, struct span text)
{
	text = span_trim(text);
	if (text.length == 0)
		return true;
	const char *list = shape->nothing;
	char word[2 * MAX_PATH];
	while (next_path(&list, word))
		if (span_is(text, word))
			return true;
	return false;
}

/* The value at a path, when it says something. */
static struct json_value *said(
	const struct event_shape *shape, const struct json_value *object, const char *path)
{
	struct json_value *value = json_at(object, path);
	return span_stated(json_scalar(value)) && !means_nothing(shape, value->text) ? value : NULL;
}

/* `a+b`: a, between, b; whichever of them are stated. A single path is taken out of the object, a
 * composed one leaves its parts there. Not stated when the last one isn't. */
static struct span composed(struct sheet *sheet, const struct event_shape *shape,
	const struct json_value *object, char *paths, char between)
{
	char *plus = strchr(paths, '+');
	if (!plus) {
		struct json_value *value = said(shape, object, paths);
		return value ? sheet_take(value) : span_string(NULL);
	}
	*plus = '\0';
	struct json_value *first = said(shape, object, paths);
	struct json_value *second = said(shape, object, plus + 1);
	if (!second || sheet->failed)
		return span_string(NULL);
	if (!first || (between == '\\' && span_find(second->text, "\\")))
		return sheet_keep(sheet, second->text);
	struct buffer text = {0};
	buffer_add_span(&text, first->text);
	buffer_add_byte(&text, between);
	buffer_add_span(&text, second->text);
	struct span kept = sheet_keep(sheet, buffer_span(&text));
	buffer_free(&text);
	return kept;
}

static struct span first_said(struct sheet *sheet, const struct event_shape *shape,
	const struct json_value *object, const char *list, char between)
{
	char paths[2 * MAX_PATH];
	while (next_path(&list, paths)) {
		struct span text = composed(sheet, shape, object, paths, between);
		if (text.length > 0)
			return text;
	}
	return span_string(NULL);
}

/* ---- the time ---- */

/* The first stamp that can be read; else the first that is stated, as words. */
static bool add_time(struct sheet *sheet, const struct event_shape *shape,
	const struct json_value *object, struct error *error)
{
	struct json_value *words = NULL;
	const char *path = NULL;
	for (size_t i = 0; i < SHAPE_TIMES && shape->times[i].path; i++) {
		const struct event_time *time = &shape->times[i];
		struct json_value *value = said(shape, object, time->path);
		struct moment moment;
		bool nothing;
		if (!value)
			continue;
		if (!stamp_read(sheet->loader, value->text, time->form, span_string(time->path),
			    &moment, &nothing, error))
			return false;
		if (moment.precision != MOMENT_NONE) {
			sheet_moment(sheet, "time", sheet_take(value), &moment);
			if (!shape->time_kind)
				sheet_text(sheet, "time_kind", span_string(time->path));
			return true;
		}
		if (!words) {
			words = value;
			path = time->path;
		}
	}
	if (words) {
		sheet_stamp(sheet, "time", sheet_take(words), STAMP_ANY);
		if (!shape->time_kind)
			sheet_text(sheet, "time_kind", span_string(path));
	}
	return true;
}

struct span event_zoneless(const struct loader *loader, const struct event_shape *shape,
	const struct json_value *object, const char **path)
{
	for (size_t i = 0; i < SHAPE_TIMES && shape->times[i].path; i++) {
		const struct json_value *value = said(shape, object, shape->times[i].path);
		if (!value)
			continue;
		*path = shape->times[i].path;
		return stamp_needs_zone(loader, value->text, shape->times[i].form)
			       ? value->text
			       : span_string(NULL);
	}
	return span_string(NULL);
}

/* ---- an event ---- */

static bool is_machine(struct span name)
{
	return !span_equal_ignoring_case(span_trim(name), span_string("localhost"));
}

bool event_add(struct sheet *sheet, const struct event_shape *shape, struct json_value *object,
	int64_t line, const struct event_when *when, struct error *error)
{
	sheet_begin(sheet, KIND_EVENT, line, object->start, object->end);
	sheet->draft.natural = shape->key;
	if (when)
		sheet_moment(sheet, "time", when->words, &when->moment);
	else if (!add_time(sheet, shape, object, error))
		return false;
	struct span host = first_said(sheet, shape, object, shape->host, '.');
	if (is_machine(host))
		sheet_text(sheet, "host", host);
	else
		sheet_extra(sheet, span_string("host"), host);
	sheet_text(sheet, "account", first_said(sheet, shape, object, shape->account, '\\'));
	sheet_text(sheet, "action", first_said(sheet, shape, object, shape->action, '/'));
	sheet_text(sheet, "message", first_said(sheet, shape, object, shape->message, ' '));
	if (shape->time_kind)
		sheet_text(sheet, "time_kind",
			first_said(sheet, shape, object, shape->time_kind, ' '));
	sheet_rest(sheet, NULL, object);
	if (!sheet->failed && sheet->draft.cell_count == 0)
		return loader_skip(sheet->loader, line, (int64_t)object->start,
			(int64_t)object->end, error, "nothing stands in it");
	return sheet_end(sheet, NULL, error);
}
