/* Which tools write events how. The code that makes an event of a shape knows none of them. */
#include "events.h"

#include <string.h>

#define WINDOWS "winlog.event_data"
/* Where the versions of the tools put what the log calls `name`. */
#define DATA(name) "event_data." name "|" WINDOWS "." name "|" name
/* The file that plaso and its kin took an event from. */
#define HASHED_FILE                                                     \
	{KIND_INDICATOR, MENTION_HASHES, "sha256_hash"},                \
		{KIND_INDICATOR, MENTION_HASHES, "sha1_hash|md5_hash"}, \
	{                                                               \
		KIND_INDICATOR, MENTION_PATH, "filename"                \
	}
/* A text in the JSON document that CloudTrail keeps within a string. */
#define INNER(name)                        \
	"CloudTrailEvent>\"" name "\":\"|" \
	"CloudTrailEvent>\"" name "\": \""

static const struct event_shape shapes[] = {
	{.name = "plaso",
		.needs = "__container_type__+timestamp_desc",
		.times = {{"timestamp", STAMP_MICRO}},
		.time_kind = "timestamp_desc",
		.host = "hostname|computer_name",
		.account = "username",
		.action = "data_type",
		.message = "message",
		.nothing = "-|:",
		.mentions = {HASHED_FILE}},
	{.name = "hayabusa",
		.needs = "Timestamp+RuleTitle+Computer",
		.times = {{"Timestamp", STAMP_ANY}},
		.host = "Computer",
		.account = "Details.TgtUser|Details.SrcUser|Details.User|Details.Acct",
		.action = "Channel+EventID",
		.message = "RuleTitle",
		.key = "host+Channel+RecordID+RuleID|host+Channel+RecordID+message",
		.nothing = "n/a|-",
		.mentions = {{KIND_INDICATOR, MENTION_HASHES,
				     "Details.Hashes|Details.Hash|AllFieldInfo.Hashes"},
			{KIND_INDICATOR, MENTION_ADDRESS,
				"Details.SrcIP|ExtraFieldInfo.SrcIP|AllFieldInfo.SourceIp|"
				"AllFieldInfo.IpAddress"},
			{KIND_INDICATOR, MENTION_ADDRESS,
				"Details.TgtIP|ExtraFieldInfo.TgtIP|AllFieldInfo.DestinationIp"},
			{KIND_INDICATOR, MENTION_PATH, "Details.Proc|AllFieldInfo.Image"},
			{KIND_TECHNIQUE, MENTION_TECHNIQUES, "MitreTags"}}},
	{.name = "timesketch",
		.needs = "message+datetime+timestamp_desc|message+timestamp+timestamp_desc",
		.times = {{"datetime", STAMP_UTC}, {"timestamp", STAMP_EPOCH}},
		.time_kind = "timestamp_desc",
		.host = "computer_name|hostname",
		.account = "username|user_sid",
		.action = "data_type",
		.message = "message",
		.nothing = "-|:",
		.mentions = {HASHED_FILE}},
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
		.nothing = "-",
		.mentions = {{KIND_INDICATOR, MENTION_HASHES, DATA("Hashes")},
			{KIND_INDICATOR, MENTION_PATH, DATA("Image")},
			{KIND_INDICATOR, MENTION_PATH, DATA("ParentImage")},
			{KIND_INDICATOR, MENTION_ADDRESS, DATA("DestinationIp")},
			{KIND_INDICATOR, MENTION_ADDRESS, DATA("IpAddress")}},
		.relations = {{"started", DATA("ParentImage"), DATA("Image")},
			{"logged_on_to", DATA("IpAddress"), NULL}}},
	{.name = "ecs",
		.needs = "@timestamp+ecs.version|@timestamp+event.action|@timestamp+host.name|"
			 "@timestamp+event.category",
		.times = {{"@timestamp", STAMP_ANY}},
		.host = "host.name|host.hostname",
		.account = "user.domain+user.name|user.email",
		.action = "event.action|event.code|event.category",
		.message = "message|event.original",
		.nothing = "-",
		.mentions = {{KIND_INDICATOR, MENTION_ADDRESS, "source.ip"},
			{KIND_INDICATOR, MENTION_ADDRESS, "destination.ip"},
			{KIND_INDICATOR, MENTION_HASHES, "file.hash.sha256|process.hash.sha256"},
			{KIND_INDICATOR, MENTION_HASHES, "file.hash.sha1|process.hash.sha1"},
			{KIND_INDICATOR, MENTION_HASHES, "file.hash.md5|process.hash.md5"},
			{KIND_INDICATOR, MENTION_PATH, "file.path|process.executable"},
			{KIND_INDICATOR, MENTION_LOOKS,
				"dns.question.name|url.domain|destination.domain"},
			{KIND_INDICATOR, MENTION_LOOKS, "url.full"},
			{KIND_TECHNIQUE, MENTION_TECHNIQUES, "threat.technique.id"}}},
	{.name = "zeek",
		.needs = "ts+uid+id_orig_h|ts+uid+id.orig_h|@stream+ts|ts+_path",
		.times = {{"ts", STAMP_EPOCH}},
		.host = "id_orig_h|id.orig_h",
		.action = "@stream|_path",
		.message = "query|msg|name|host+uri|service|proto",
		.key = "action+uid|uid",
		.nothing = "-",
		.mentions = {{KIND_HOST, MENTION_ADDRESS, "id_resp_h|id.resp_h"},
			{KIND_INDICATOR, MENTION_LOOKS, "query"},
			{KIND_INDICATOR, MENTION_LOOKS, "host"},
			{KIND_INDICATOR, MENTION_LOOKS, "server_name"},
			{KIND_INDICATOR, MENTION_HASHES, "resp_certificate_sha1|cert_chain_fps"},
			{KIND_INDICATOR, MENTION_HASHES, "md5"},
			{KIND_INDICATOR, MENTION_HASHES, "sha1"},
			{KIND_INDICATOR, MENTION_HASHES, "sha256|fingerprint"}}},
	{.name = "cloudtrail",
		.needs = "EventTime+EventName+EventSource|eventTime+eventName+eventSource",
		.times = {{"EventTime", STAMP_UTC}, {"eventTime", STAMP_UTC}},
		.account = "Username|userIdentity.userName|userIdentity.arn",
		.action = "EventName|eventName",
		.message = "EventSource+EventName|eventSource+eventName",
		.key = "EventId|eventID",
		.mentions = {{KIND_INDICATOR, MENTION_ADDRESS,
				     "sourceIPAddress|" INNER("sourceIPAddress")},
			{KIND_SITE, MENTION_NAME, "awsRegion|" INNER("awsRegion")}}},
	{.name = "gcp-audit",
		.needs = "protoPayload+timestamp",
		.times = {{"timestamp", STAMP_UTC}},
		.account = "protoPayload.authenticationInfo.principalEmail",
		.action = "protoPayload.methodName",
		.message = "protoPayload.methodName+protoPayload.resourceName|textPayload",
		.key = "insertId",
		.mentions =
			{{KIND_INDICATOR, MENTION_ADDRESS, "protoPayload.requestMetadata.callerIp"},
				{KIND_SITE, MENTION_NAME,
					"protoPayload.resourceLocation.currentLocations"},
				{KIND_SITE, MENTION_NAME,
					"resource.labels.zone|resource.labels.location|resource."
					"labels.region"}}},
	{.name = "azure-activity",
		.needs = "operationName+eventTimestamp|operationName+time+category|"
			 "operationName+caller",
		.times = {{"eventTimestamp", STAMP_UTC}, {"time", STAMP_UTC}},
		.account = "caller|identity",
		.action = "operationName.value|operationName",
		.message = "description|operationName.localizedValue|resourceId",
		.key = "eventDataId",
		.mentions = {{KIND_INDICATOR, MENTION_ADDRESS,
				     "callerIpAddress|httpRequest.clientIpAddress|claims.ipaddr"},
			{KIND_SITE, MENTION_NAME, "location|resourceLocation"}}},
	{.name = "m365-audit",
		.needs = "CreationTime+Operation+UserId",
		.times = {{"CreationTime", STAMP_UTC}},
		.account = "UserId",
		.action = "Operation",
		.message = "Workload+Operation",
		.key = "Id",
		.mentions = {{KIND_INDICATOR, MENTION_ADDRESS,
			"ClientIP|ClientIPAddress|ActorIpAddress"}}},
	/* Rows of a table: the header is the shape. */
	{.name = "l2tcsv",
		.needs = "date+time+timezone+MACB",
		.times = {{"date", STAMP_MDY}},
		.time_kind = "type",
		.host = "host",
		.account = "user",
		.action = "sourcetype",
		.message = "desc|short",
		.nothing = "-",
		.mentions = {{KIND_INDICATOR, MENTION_HASHES, "extra>sha256_hash: "},
			{KIND_INDICATOR, MENTION_PATH, "filename"}}},
	{.name = "psort",
		.needs = "datetime+timestamp_desc+source+source_long+message+parser",
		.times = {{"datetime", STAMP_UTC}},
		.time_kind = "timestamp_desc",
		.host = "hostname|computer_name|message>Computer Name: |message>Hostname: |"
			"message>Host name: ",
		.account = "username|message>for user: |message>User name: |message>Username: ",
		.action = "source_long",
		.message = "message",
		.nothing = "-",
		.mentions = {HASHED_FILE}},
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
