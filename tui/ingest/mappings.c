#include "mappings.h"

#include "base/compiler.h"
#include "ingest/columns.h"

#include <string.h>

static const struct mapping mappings[] = {
	{.about = "MISP's CSV export",
		.kind = KIND_INDICATOR,
		.header = "uuid|event_id|category|type|value|comment|to_ids|date",
		.map = "uuid=key"},
	{.about = "a table of indicators",
		.kind = KIND_INDICATOR,
		.header = "value|entity_type|description",
		.map = "entity_type=type"},
	{.about = "a table of indicators",
		.kind = KIND_INDICATOR,
		.header = "Indicator_type|Data|Note",
		.map = "Data=value|Indicator_type=type"},
	{.about = "a table of indicators",
		.kind = KIND_INDICATOR,
		.header = "Type|Indicator|Name",
		.map = "Indicator=value"},
	{.about = "an activity log of Microsoft 365",
		.kind = KIND_EVENT,
		.header = "Event ID|Category|Description|User|App|Device|Date",
		.map = "Date=time|User=account|Device=host|Description=message|Category=action"},
};

static const struct {
	enum kind kind;
	const char *field;
	const char *names;
} synonyms[] = {
	{KIND_HOST, "name",
		"host|hostname|host name|computer|computer name|machine|device|device name"},
	{KIND_HOST, "address", "ip|ip address|ipaddress|ipv4"},
	{KIND_HOST, "site", "location|office"},
	{KIND_ACCOUNT, "name",
		"account|account name|user|username|user name|login|sam account name"},
	{KIND_PARTY, "name", "party|organisation|organization|company|victim"},
	{KIND_PARTY, "sector", "industry"},
	{KIND_SITE, "name", "site|office|location"},
	{KIND_EVENT, "time",
		"timestamp|datetime|date time|date|when|event time|utc time|@timestamp"},
	{KIND_EVENT, "time_kind", "timestamp desc|timestamp description"},
	{KIND_EVENT, "host",
		"hostname|host name|computer|computer name|machine|device|device name"},
	{KIND_EVENT, "account", "user|username|user name|account name|login"},
	{KIND_EVENT, "action", "event|event type|activity|operation|action type"},
	{KIND_EVENT, "message", "description|details|desc|msg|text|summary"},
	{KIND_INDICATOR, "value", "indicator|ioc|observable"},
	{KIND_INDICATOR, "type", "indicator type|ioc type|entity type"},
	{KIND_TECHNIQUE, "attack_id", "technique id|mitre id|attack id|t-code"},
	{KIND_TECHNIQUE, "name", "technique|technique name"},
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

struct span mapping_field(const struct mapping *mapping, struct span column)
{
	struct span list = span_string(mapping->map);
	while (list.length > 0) {
		struct span pair = next_word(&list);
		size_t equals =
			(size_t)((const char *)memchr(pair.data, '=', pair.length) - pair.data);
		if (columns_same_name(column, span_slice(pair, 0, equals)))
			return span_slice(pair, equals + 1, pair.length);
	}
	return span_string(NULL);
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
