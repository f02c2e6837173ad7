#include "mappings.h"

#include "base/compiler.h"
#include "ingest/columns.h"

#include <string.h>

static const struct mapping mappings[] = {
	{.about = "MISP's CSV export",
		.kind = KIND_INDICATOR,
		.header = "uuid|event_id|category|type|value|comment|to_ids|date",
		.map = "uuid=key",
		.lasting = true},
	{.about = "a table of indicators",
		.kind = KIND_INDICATOR,
		.header = "value|entity_type|description",
		.map = "entity_type=type"},
	{.about = "a table of indicators",
		.kind = KIND_INDICATOR,
		.header = "value|type|notes",
		.map = "value=value"},
	{.about = "a table of indicators",
		.kind = KIND_INDICATOR,
		.header = "value|type|description",
		.map = "value=value"},
	{.about = "a table of indicators",
		.kind = KIND_INDICATOR,
		.header = "Indicator_type|Data",
		.map = "Data=value|Indicator_type=type"},
	{.about = "a table of indicators",
		.kind = KIND_INDICATOR,
		.header = "Indicator|Data",
		.map = "Data=value|Indicator=type"},
	{.about = "a table of indicators",
		.kind = KIND_INDICATOR,
		.header = "Type|Indicator|Name",
		.map = "Indicator=value"},
	{.about = "a table of samples",
		.kind = KIND_INDICATOR,
		.header = "SHA256|SHA1|MD5|Compile Timestamp",
		.map = "",
		.parts = {{KIND_EVENT, "compiled",
			"Compile Timestamp=time|\"compiled\"=time_kind|SHA256=message"}}},
	{.about = "addresses that were told of",
		.kind = KIND_INDICATOR,
		.header = "date|URL|description",
		.map = "URL=value",
		.parts = {{KIND_PARTY, "imitates", "description=name"}}},
	{.about = "breaches as the US HHS publishes them",
		.kind = KIND_INCIDENT,
		.header = "Name of Covered Entity|Individuals Affected|Breach Submission Date|Type "
			  "of "
			  "Breach",
		.map = "Name of Covered Entity=name",
		.parts = {{KIND_PARTY, "concerned", "Name of Covered Entity=name"},
			{KIND_SITE, "in", "State=name"},
			{KIND_EVENT, "told_of",
				"Breach Submission Date=time|\"submitted\"=time_kind|Type of "
				"Breach=message"},
			{KIND_STATEMENT, "told_by", "Web Description=gist"}}},
	{.about = "breaches as Washington's Attorney General publishes them",
		.kind = KIND_INCIDENT,
		.header = "DateAware|DateSubmitted|DataBreachCause|Name|Id",
		.map = "Name=name|Id=key",
		.parts = {{KIND_PARTY, "concerned", "Name=name"},
			{KIND_EVENT, "began",
				"DateStart=time|\"began\"=time_kind|DataBreachCause=message"},
			{KIND_EVENT, "ended",
				"DateEnd=time|\"ended\"=time_kind|DataBreachCause=message"},
			{KIND_EVENT, "noticed",
				"DateAware=time|\"noticed\"=time_kind|DataBreachCause=message"},
			{KIND_EVENT, "told_of",
				"DateSubmitted=time|\"submitted\"=time_kind|DataBreachCause="
				"message"}}},
	{.about = "events of Microsoft Defender",
		.kind = KIND_EVENT,
		.header = "Timestamp|DeviceId|DeviceName|ActionType",
		.map = "Timestamp=time|DeviceName=host|ActionType=action|AccountName=account|"
		       "ProcessCommandLine=message",
		.parts = {{KIND_INDICATOR, "file", "SHA256=value|\"sha256\"=type"},
			{KIND_INDICATOR, "file", "SHA1=value|\"sha1\"=type"},
			{KIND_INDICATOR, "file", "MD5=value|\"md5\"=type"},
			{KIND_INDICATOR, "address", "RemoteIP=value|\"ip\"=type"},
			{KIND_INDICATOR, "address", "RemoteUrl=value|\"url\"=type"}}},
	{.about = "an activity log of Microsoft 365",
		.kind = KIND_EVENT,
		.header = "Event ID|Category|Description|User|App|Date",
		/* Its Device is a class, `PC`, and names no machine. */
		.map = "Date=time|User=account|Description=message|Category=action|Device=extra",
		.parts = {{KIND_INDICATOR, "address", "IP address=value|\"ip\"=type"}}},
	{.about = "entries of Sysinternals Autoruns",
		.kind = KIND_EVENT,
		.header = "Time|Entry Location|Entry|Image Path",
		.map = "Time=time|Category=action|Entry=message",
		.parts = {{KIND_INDICATOR, "file", "SHA-256=value|\"sha256\"=type"},
			{KIND_INDICATOR, "file", "SHA-1=value|\"sha1\"=type"},
			{KIND_INDICATOR, "file", "MD5=value|\"md5\"=type"}}},
	{.about = "Windows events of EvtxECmd",
		.kind = KIND_EVENT,
		.header = "TimeCreated|EventId|Channel|Computer|MapDescription",
		.map = "TimeCreated=time|Computer=host|UserName=account|Channel=action|"
		       "MapDescription=message"},
	{.about = "findings of Chainsaw",
		.kind = KIND_EVENT,
		.header = "timestamp|name|group|document.kind",
		.map = "timestamp=time|name=message|group=action|"
		       "document.data.Event.System.Computer=host"},
	/* Its host is the sensor, which collects and is no machine of the case. */
	{.about = "events of Suricata",
		.kind = KIND_EVENT,
		.header = "timestamp|event_type|src_ip|dest_ip",
		.map = "timestamp=time|event_type=action|alert.signature=message|host=extra"},
	{.about = "a journal of systemd",
		.kind = KIND_EVENT,
		.header = "__REALTIME_TIMESTAMP|MESSAGE",
		.map = "__REALTIME_TIMESTAMP=time|_HOSTNAME=host|SYSLOG_IDENTIFIER=action"},
	{.about = "sign-ins of Azure",
		.kind = KIND_EVENT,
		.header = "Date (UTC)|Request ID|Username|Application",
		.map = "Date (UTC)=time|Username=account|User=extra|Application=action",
		.parts = {{KIND_INDICATOR, "address", "IP address=value|\"ip\"=type"}}},
	{.about = "sign-ins of Azure",
		.kind = KIND_EVENT,
		.header = "createdDateTime|userPrincipalName|appDisplayName",
		.map = "createdDateTime=time|userPrincipalName=account|appDisplayName=action|"
		       "deviceDetail.displayName=host",
		.parts = {{KIND_INDICATOR, "address", "ipAddress=value|\"ip\"=type"}}},
	{.about = "observables of TheHive",
		.kind = KIND_INDICATOR,
		.header = "dataType|data",
		.map = "data=value|dataType=type|ioc=extra"},
	{.about = "a list of reports (APTnotes)",
		.kind = KIND_DOCUMENT,
		.header = "Filename|Title|Source|Link|Date",
		.map = "Title=title|Source=publisher|Date=published"},
};

/* Columns of times whose names say no more than that. */
#define PLAIN_TIMES                                                                             \
	"timestamp|datetime|date time|date|when|event time|eventtime|event timestamp|utc time|" \
	"utctime|@timestamp|timestamp (utc)|date (utc)|time (utc)|device timestamp|ts|_ts"

static const struct {
	enum kind kind;
	const char *field;
	const char *names;
} synonyms[] = {
	{KIND_HOST, "name",
		"host|hostname|host name|computer|computer name|machine|device|device name"},
	{KIND_HOST, "address", "ip|ip address|ipaddress|ipv4|ipv4 address|ipv4address"},
	{KIND_HOST, "site", "location|office"},
	{KIND_ACCOUNT, "name",
		"account|account name|user|username|user name|login|sam account name"},
	{KIND_PARTY, "name", "party|organisation|organization|company|victim"},
	{KIND_PARTY, "sector", "industry"},
	{KIND_SITE, "name", "site|office|location"},
	{KIND_EVENT, "time", PLAIN_TIMES},
	{KIND_EVENT, "time",
		"time created|timecreated|time generated|timegenerated|creation time|"
		"creationtime|created date time|createddatetime|start time|starttime|visit time|"
		"visited on"},
	{KIND_EVENT, "time_kind", "timestamp desc|timestamp description"},
	{KIND_EVENT, "host",
		"hostname|host name|computer|computer name|machine|device|device name"},
	{KIND_EVENT, "account", "user|username|user name|account name|login"},
	{KIND_EVENT, "action", "event|event type|activity|operation|action type"},
	{KIND_EVENT, "message", "description|details|desc|msg|text|summary"},
	{KIND_INDICATOR, "value", "indicator|ioc|observable"},
	{KIND_INDICATOR, "type", "indicator type|ioc type|entity type"},
	{KIND_TECHNIQUE, "attack_id", "technique id|mitre id|attack id|t-code|attack object id"},
	{KIND_TECHNIQUE, "name", "technique|technique name|attack object name"},
	{KIND_DOCUMENT, "published", "date"},
	{KIND_DOCUMENT, "publisher", "source"},
	{KIND_STATEMENT, "quote", "words|excerpt"},
	{KIND_CLAIM, "text", "claim|proposition"},
};

/* The next word before a `|`, which moves behind it. */
static struct span next_word(struct span *list)
{
	const char *bar = list->length ? memchr(list->data, '|', list->length) : NULL;
	size_t length = bar ? (size_t)(bar - list->data) : list->length;
	struct span word = span_of(list->data, length);
	*list = span_slice(*list, length + 1, list->length);
	return word;
}

static bool header_holds(const struct span *names, size_t count, struct span wanted)
{
	for (size_t i = 0; i < count; i++)
		if (columns_same_name(names[i], wanted))
			return true;
	return false;
}

const struct mapping *mapping_find(const struct span *names, size_t count)
{
	for (size_t i = 0; i < ARRAY_LENGTH(mappings); i++) {
		struct span list = span_string(mappings[i].header);
		bool all = true;
		while (all && list.length > 0)
			all = header_holds(names, count, next_word(&list));
		if (all)
			return &mappings[i];
	}
	return NULL;
}

bool mapping_next(struct span *map, struct span *column, struct span *field)
{
	struct span pair = next_word(map);
	const char *equals = pair.length ? memchr(pair.data, '=', pair.length) : NULL;
	if (!equals)
		return false;
	size_t at = (size_t)(equals - pair.data);
	*column = span_slice(pair, 0, at);
	*field = span_slice(pair, at + 1, pair.length);
	return true;
}

struct span mapping_field(const struct mapping *mapping, struct span column)
{
	struct span list = span_string(mapping->map), name, field;
	while (mapping_next(&list, &name, &field))
		if (columns_same_name(column, name))
			return field;
	return span_string(NULL);
}

bool mapping_says_time(struct span column)
{
	struct span list = span_string(PLAIN_TIMES "|time");
	while (list.length > 0)
		if (columns_same_name(column, next_word(&list)))
			return true;
	return false;
}

int mapping_synonym(enum kind kind, struct span column)
{
	for (size_t i = 0; i < ARRAY_LENGTH(synonyms); i++) {
		struct span list = span_string(synonyms[i].names);
		while (synonyms[i].kind == kind && list.length > 0)
			if (columns_same_name(column, next_word(&list)))
				return kind_field_find(kind, span_string(synonyms[i].field));
	}
	return -1;
}
