#include "casefile/kinds.h"

#include <stddef.h>
#include <string.h>

/* Where a record is spoken of: every kind that a text can tell of has these two. */
#define CITED                                    \
	{.name = "cited_in",                     \
		.label = "cited in",             \
		.type = FIELD_REFERENCE,         \
		.refers_to = KIND_DOCUMENT},     \
	{                                        \
		.name = "locator", .label = "at" \
	}

static const struct kind_field incident_fields[] = {
	{.name = "name", .label = "name", .width = 40, .flags = FIELD_REQUIRED},
	{.name = "when", .label = "when", .type = FIELD_TIME, .width = 18},
	{.name = "summary", .label = "summary", .width = 60, .flags = FIELD_LONG},
	{.name = "as_known", .label = "as known", .type = FIELD_TIME, .width = 12},
	CITED,
};

static const struct kind_field actor_fields[] = {
	{.name = "name", .label = "name", .width = 24, .flags = FIELD_REQUIRED},
	{.name = "aliases", .label = "aliases", .width = 32},
	{.name = "type", .label = "type", .width = 24},
	CITED,
};

static const struct kind_field technique_fields[] = {
	{.name = "attack_id", .label = "ATT&CK", .width = 10},
	{.name = "name", .label = "name", .width = 40, .flags = FIELD_REQUIRED},
	{.name = "tactic", .label = "tactic", .width = 24},
	CITED,
};

static const struct kind_field site_fields[] = {
	{.name = "name", .label = "name", .width = 44, .flags = FIELD_REQUIRED},
	{.name = "city", .label = "city", .width = 16},
	{.name = "country", .label = "country", .width = 12},
	{.name = "role", .label = "role", .width = 28},
	CITED,
};

static const struct kind_field host_fields[] = {
	{.name = "name", .label = "name", .width = 22, .flags = FIELD_REQUIRED},
	{.name = "type",
		.label = "type",
		.type = FIELD_CHOICE,
		.width = 9,
		.choices = "server|terminal|network|mobile|other"},
	{.name = "site",
		.label = "site",
		.type = FIELD_REFERENCE,
		.width = 20,
		.refers_to = KIND_SITE},
	{.name = "status",
		.label = "status",
		.type = FIELD_CHOICE,
		.width = 12,
		.flags = FIELD_JUDGEMENT,
		.choices = "not assessed|suspected|confirmed|cleared",
		.unset = "not assessed"},
	{.name = "first_seen", .label = "first seen", .type = FIELD_TIME, .width = 18},
	{.name = "role", .label = "role", .width = 20},
	{.name = "address", .label = "address", .width = 16},
	{.name = "last_seen", .label = "last seen", .type = FIELD_TIME, .width = 18},
	CITED,
};

static const struct kind_field account_fields[] = {
	{.name = "name", .label = "name", .width = 28, .flags = FIELD_REQUIRED},
	{.name = "owner_role", .label = "owner's role", .width = 32},
	{.name = "compromised", .label = "compromised", .width = 20, .flags = FIELD_JUDGEMENT},
	CITED,
};

static const struct kind_field party_fields[] = {
	{.name = "name", .label = "name", .width = 34, .flags = FIELD_REQUIRED},
	{.name = "sector", .label = "sector", .width = 16},
	{.name = "exposure", .label = "exposure", .width = 24},
	{.name = "type",
		.label = "type",
		.type = FIELD_CHOICE,
		.width = 10,
		.choices = "government|company|people"},
	{.name = "role",
		.label = "role",
		.type = FIELD_CHOICE,
		.width = 10,
		.choices = "unknown|affected|publisher|suspect|other",
		.unset = "unknown"},
	{.name = "country", .label = "country", .width = 10},
	CITED,
};

static const struct kind_field data_fields[] = {
	{.name = "name", .label = "name", .width = 36, .flags = FIELD_REQUIRED},
	{.name = "subject", .label = "subject", .width = 28},
	{.name = "sensitivity", .label = "sensitivity", .width = 16},
	{.name = "exposure", .label = "exposure", .width = 32},
	CITED,
};

static const struct kind_field document_fields[] = {
	{.name = "title", .label = "title", .width = 44, .flags = FIELD_REQUIRED},
	{.name = "publisher", .label = "publisher", .width = 17},
	{.name = "published", .label = "published", .type = FIELD_TIME, .width = 18},
	{.name = "language", .label = "language", .width = 8},
	{.name = "held",
		.label = "held",
		.type = FIELD_CHOICE,
		.width = 10,
		.choices = "not held|original|copy|summary",
		.unset = "not held"},
	{.name = "body", .label = "body", .flags = FIELD_LONG},
};

static const struct kind_field statement_fields[] = {
	{.name = "speaker", .label = "speaker", .width = 22},
	{.name = "said_on", .label = "said", .type = FIELD_TIME, .width = 16},
	{.name = "gist", .label = "gist", .width = 60},
	{.name = "via", .label = "via", .width = 14},
	{.name = "quote", .label = "words", .width = 40, .flags = FIELD_LONG},
	{.name = "channel", .label = "channel", .width = 20},
	{.name = "document",
		.label = "document",
		.type = FIELD_REFERENCE,
		.refers_to = KIND_DOCUMENT},
	{.name = "locator", .label = "at"},
	{.name = "verb", .label = "verb"},
	{.name = "form", .label = "form", .type = FIELD_CHOICE, .choices = "indirect|direct|part"},
	{.name = "direction",
		.label = "direction",
		.type = FIELD_CHOICE,
		.choices = "asserts|denies|silent|declines|other"},
	{.name = "hedges", .label = "hedges"},
	{.name = "review",
		.label = "review",
		.type = FIELD_CHOICE,
		.choices = "proposed|accepted|set aside"},
};

static const struct kind_field claim_fields[] = {
	{.name = "text", .label = "claim", .width = 48, .flags = FIELD_REQUIRED},
	{.name = "act", .label = "act", .width = 12},
	{.name = "object", .label = "object", .width = 24},
	{.name = "qualifier", .label = "qualifier", .width = 14},
	{.name = "scope", .label = "scope", .width = 28},
	{.name = "period", .label = "period", .width = 16},
	{.name = "quantity", .label = "stated count", .width = 16},
	{.name = "quantity_min", .label = "at least", .type = FIELD_NUMBER},
	{.name = "quantity_max", .label = "at most", .type = FIELD_NUMBER},
	{.name = "unit", .label = "unit", .width = 16},
	{.name = "counts", .label = "counts"},
	CITED,
};

static const struct kind_field event_fields[] = {
	{.name = "time", .label = "when", .type = FIELD_TIME, .width = 36},
	{.name = "message", .label = "message", .width = 60},
	{.name = "host",
		.label = "host",
		.type = FIELD_REFERENCE,
		.width = 18,
		.refers_to = KIND_HOST},
	{.name = "found", .label = "said/found", .type = FIELD_TIME, .width = 12},
	{.name = "account",
		.label = "account",
		.type = FIELD_REFERENCE,
		.width = 16,
		.refers_to = KIND_ACCOUNT},
	{.name = "action", .label = "action", .width = 18},
	{.name = "time_kind", .label = "stamp means", .width = 14},
	CITED,
};

static const struct kind_field indicator_fields[] = {
	{.name = "value", .label = "value", .width = 39, .flags = FIELD_REQUIRED},
	{.name = "type", .label = "type", .width = 16},
	CITED,
};

#define FIELDS(array) .fields = (array), .field_count = (int)ARRAY_LENGTH(array)

static const struct kind_info kinds[KIND_COUNT] = {
	[KIND_INCIDENT] = {.name = "incident",
		.plural = "incidents",
		.title = "Incident",
		.counted = "incidents",
		FIELDS(incident_fields)},
	[KIND_ACTOR] = {.name = "actor",
		.plural = "actors",
		.title = "Actors",
		.counted = "actors",
		FIELDS(actor_fields),
		.columns = "name type aliases",
		.named = true},
	[KIND_TECHNIQUE] = {.name = "technique",
		.plural = "techniques",
		.title = "Techniques",
		.counted = "techniques",
		FIELDS(technique_fields),
		.name_field = 1,
		.sort_field = 1,
		.named = true},
	[KIND_SITE] = {.name = "site",
		.plural = "sites",
		.title = "Sites",
		.counted = "sites",
		FIELDS(site_fields),
		.named = true},
	[KIND_HOST] = {.name = "host",
		.plural = "hosts",
		.title = "Hosts",
		.counted = "machines",
		.counted_one = "machine",
		FIELDS(host_fields),
		.columns = "name type status site first_seen role address last_seen",
		.named = true},
	[KIND_ACCOUNT] = {.name = "account",
		.plural = "accounts",
		.title = "Accounts",
		.counted = "accounts",
		FIELDS(account_fields),
		.named = true},
	[KIND_PARTY] = {.name = "party",
		.plural = "parties",
		.title = "Parties",
		.counted = "parties",
		FIELDS(party_fields),
		.named = true},
	[KIND_DATA] = {.name = "data",
		.plural = "data",
		.title = "Data",
		.counted = "categories",
		.counted_one = "category",
		FIELDS(data_fields)},
	[KIND_DOCUMENT] = {.name = "document",
		.plural = "documents",
		.title = "Documents",
		.counted = "documents",
		FIELDS(document_fields),
		.columns = "title held published publisher language"},
	[KIND_STATEMENT] = {.name = "statement",
		.plural = "statements",
		.title = "Statements",
		.counted = "statements",
		FIELDS(statement_fields),
		.name_field = 2,
		.words_field = 4,
		.sort_field = 1},
	[KIND_CLAIM] = {.name = "claim",
		.plural = "claims",
		.title = "Claims",
		.counted = "claims",
		FIELDS(claim_fields)},
	[KIND_EVENT] = {.name = "event",
		.plural = "events",
		.title = "Timeline",
		.counted = "events",
		FIELDS(event_fields),
		.columns = "time host message account action found time_kind",
		.name_field = 1,
		.words_field = 5,
		.large = true},
	[KIND_INDICATOR] = {.name = "indicator",
		.plural = "indicators",
		.title = "Indicators",
		.counted = "indicators",
		FIELDS(indicator_fields),
		.named = true},
};

const struct kind_info *kind_info(enum kind kind)
{
	return &kinds[kind];
}

const char *kind_article(enum kind kind)
{
	return strchr("aeiou", kinds[kind].name[0]) ? "an" : "a";
}

enum kind kind_find(struct span name)
{
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++)
		if (span_is(name, kinds[kind].name) || span_is(name, kinds[kind].plural))
			return (enum kind)kind;
	return KIND_NONE;
}

int kind_field_find(enum kind kind, struct span name)
{
	for (int field = 0; field < kinds[kind].field_count; field++)
		if (span_is(name, kinds[kind].fields[field].name))
			return field;
	return -1;
}

struct span kind_extra_name(struct span name)
{
	static const char prefix[] = "extra.";
	const size_t length = sizeof prefix - 1;
	if (name.length <= length || !span_starts_with(name, prefix))
		return span_string(NULL);
	return span_slice(name, length, name.length);
}

bool kind_choice_valid(const struct kind_field *field, struct span text)
{
	struct span rest = span_string(field->choices);
	while (rest.length > 0) {
		const char *bar = memchr(rest.data, '|', rest.length);
		size_t length = bar ? (size_t)(bar - rest.data) : rest.length;
		if (span_equal(text, span_of(rest.data, length)))
			return true;
		rest = span_slice(rest, length + 1, rest.length);
	}
	return false;
}

static const char *const basis_names[BASIS_COUNT] = {
	[BASIS_OBSERVED] = "observed",
	[BASIS_REPORTED] = "reported",
	[BASIS_INFERRED] = "inferred",
	[BASIS_PLACEHOLDER] = "placeholder",
};

const char *basis_name(enum basis basis)
{
	return basis_names[basis];
}

char basis_letter(enum basis basis)
{
	return basis_names[basis][0];
}

int basis_find(struct span name)
{
	for (int basis = 0; basis < BASIS_COUNT; basis++)
		if (span_is(name, basis_names[basis]))
			return basis;
	return -1;
}
