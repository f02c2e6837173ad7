/* The formats, as a table. */
#include "ingest/format.h"

#include "format_table.h"

static bool holds(struct span head, const char *text)
{
	return span_find(head, text) != NULL;
}

/* ---- what is named and refused ---- */

static int pdf_sniff(struct span head, bool whole, struct span name)
{
	(void)whole;
	(void)name;
	return span_starts_with(head, "%PDF-") ? 100 : 0;
}

static int html_sniff(struct span head, bool whole, struct span name)
{
	(void)whole;
	struct span start = span_trim(span_slice(head, 0, 1024));
	bool tagged =
		span_equal_ignoring_case(span_slice(start, 0, 14), span_string("<!doctype html")) ||
		span_equal_ignoring_case(span_slice(start, 0, 5), span_string("<html"));
	if (tagged)
		return 100;
	return name_ends(name, ".html .htm") && span_starts_with(start, "<") ? 90 : 0;
}

static int office_sniff(struct span head, bool whole, struct span name)
{
	(void)whole;
	(void)name;
	/* A zip of files is unpacked before it is looked at; this one is a document of its own. */
	bool document = holds(head, "[Content_Types].xml") || holds(head, "mimetypeapplication/");
	return span_starts_with(head, "PK\003\004") && document ? 100 : 0;
}

static int zip_sniff(struct span head, bool whole, struct span name)
{
	(void)whole;
	(void)name;
	return span_starts_with(head, "PK\003\004") || span_starts_with(head, "PK\005\006") ? 99
											    : 0;
}

static int old_office_sniff(struct span head, bool whole, struct span name)
{
	(void)whole;
	(void)name;
	return span_starts_with(head, "\xd0\xcf\x11\xe0") ? 100 : 0;
}

static int evtx_sniff(struct span head, bool whole, struct span name)
{
	(void)whole;
	(void)name;
	return span_starts_with(head, "ElfFile") ? 100 : 0;
}

static int sqlite_sniff(struct span head, bool whole, struct span name)
{
	(void)whole;
	(void)name;
	return span_starts_with(head, "SQLite format 3") ? 100 : 0;
}

static int rtf_sniff(struct span head, bool whole, struct span name)
{
	(void)whole;
	(void)name;
	return span_starts_with(head, "{\\rtf") ? 100 : 0;
}

static int mail_sniff(struct span head, bool whole, struct span name)
{
	(void)whole;
	bool headed = holds(span_slice(head, 0, 4096), "\nMIME-Version:");
	return headed && name_ends(name, ".eml .mbox") ? 95 : 0;
}

static const struct format formats[] = {
	{.name = "pdf",
		.about = "a PDF is not read here: run `pdftotext -layout FILE FILE.txt` and import "
			 "the text",
		.refused = true,
		.sniff = pdf_sniff},
	{.name = "html",
		.about = "HTML is not read here: run `lynx -dump FILE > FILE.txt` or `pandoc -t "
			 "plain` "
			 "and import the text",
		.refused = true,
		.sniff = html_sniff},
	{.name = "docx",
		.about = "an office document (DOCX, XLSX, ODT) is not read here: run `pandoc -t "
			 "plain "
			 "FILE -o FILE.txt`, or save a sheet as CSV, and import that",
		.refused = true,
		.sniff = office_sniff},
	{.name = "zip",
		.about = "an empty zip, or one from a stream, can't be unpacked: name the file, or "
			 "unpack it and import its folder",
		.refused = true,
		.sniff = zip_sniff},
	{.name = "doc",
		.about = "an old office document or Outlook message is not read here: save it as "
			 "text "
			 "or CSV and import that",
		.refused = true,
		.sniff = old_office_sniff},
	{.name = "rtf",
		.about = "RTF is not read here: run `pandoc -t plain FILE -o FILE.txt` and import "
			 "the "
			 "text",
		.refused = true,
		.sniff = rtf_sniff},
	{.name = "eml",
		.about = "a mail with MIME parts is not read here: save its text and its "
			 "attachments "
			 "and import those",
		.refused = true,
		.sniff = mail_sniff},
	{.name = "evtx",
		.about = "a Windows event log is not read here: run `hayabusa csv-timeline -f FILE "
			 "-o "
			 "FILE.csv` or `evtx_dump -o jsonl` and import that",
		.refused = true,
		.sniff = evtx_sniff},
	{.name = "sqlite",
		.about = "an SQLite database is not imported: for plaso storage run `psort.py -o "
			 "json_line -w FILE.jsonl FILE.plaso` and import that",
		.refused = true,
		.sniff = sqlite_sniff},
	{.name = "stix",
		.about = "a STIX 2.0 or 2.1 bundle, or objects of one",
		.sniff = stix_sniff,
		.read = stix_read},
	{.name = "misp", .about = "MISP events as JSON", .sniff = misp_sniff, .read = misp_read},
	{.name = "misp-warninglist",
		.about = "a MISP warninglist is no evidence: it names what is commonly harmless",
		.refused = true,
		.sniff = misp_warninglist_sniff},
	{.name = "misp-galaxy",
		.about = "the clusters of a MISP galaxy: actors, techniques, malware",
		.sniff = misp_galaxy_sniff,
		.read = misp_galaxy_read},
	{.name = "misp-manifest",
		.about = "the manifest of a MISP feed lists events: fetch those and import them",
		.refused = true,
		.accompanies = true,
		.sniff = misp_manifest_sniff},
	{.name = "misp-hashes",
		.about = "the hashes of a MISP feed are of values, not of files: import its events",
		.refused = true,
		.accompanies = true,
		.sniff = misp_hashes_sniff},
	{.name = "veris",
		.about = "VERIS incidents: one, or an array of them",
		.sniff = veris_sniff,
		.read = veris_read},
	{.name = "hibp",
		.about = "breaches as Have I Been Pwned lists them",
		.sniff = hibp_sniff,
		.read = hibp_read},
	{.name = "plaso",
		.about = "a plaso timeline: psort's l2tcsv, dynamic, json, json_line or tln",
		.sniff = plaso_sniff,
		.read = plaso_read},
	{.name = "hayabusa",
		.about = "a hayabusa timeline: CSV, JSON or JSON Lines",
		.sniff = hayabusa_sniff,
		.read = hayabusa_read},
	{.name = "timesketch",
		.about = "a Timesketch timeline: CSV or JSON Lines",
		.sniff = timesketch_sniff,
		.read = timesketch_read},
	{.name = "winlog",
		.about = "Windows events as JSON Lines: Winlogbeat, NXLog, OTRF",
		.sniff = winlog_sniff,
		.read = winlog_read},
	{.name = "ecs",
		.about = "events in Elastic Common Schema",
		.sniff = ecs_sniff,
		.read = ecs_read},
	{.name = "zeek",
		.about = "Zeek logs, tab-separated or as JSON Lines",
		.sniff = zeek_sniff,
		.read = zeek_read},
	{.name = "cloudtrail",
		.about = "an AWS CloudTrail log",
		.sniff = cloudtrail_sniff,
		.read = cloudtrail_read},
	{.name = "gcp-audit",
		.about = "a Google Cloud audit log",
		.sniff = gcp_sniff,
		.read = gcp_read},
	{.name = "azure-activity",
		.about = "an Azure activity log",
		.sniff = azure_sniff,
		.read = azure_read},
	{.name = "m365-audit",
		.about = "a Microsoft 365 audit log",
		.sniff = m365_sniff,
		.read = m365_read},
	{.name = "hashes",
		.about = "a list of hashes, one a line",
		.sniff = hash_list_sniff,
		.read = hash_list_read},
	{.name = "jsonl",
		.about = "objects of any shape, one a line",
		.takes_kind = true,
		.sniff = jsonl_sniff,
		.read = json_table_read},
	{.name = "json",
		.about = "objects of any shape: an array, one after another, or a list within one",
		.takes_kind = true,
		.sniff = json_sniff,
		.read = json_table_read},
	{.name = "csv",
		.about = "rows with a header, cells separated by comma, semicolon, tab or bar",
		.takes_kind = true,
		.sniff = table_sniff,
		.read = table_read},
	{.name = "text",
		.about = "a text, Markdown or AsciiDoc document, kept whole, with its indicators "
			 "and dated lines, and with statements proposed from it",
		.sniff = document_sniff,
		.read = document_read},
};

const struct format *format_table(size_t *count)
{
	*count = ARRAY_LENGTH(formats);
	return formats;
}

const struct format *format_find(struct span name)
{
	for (size_t i = 0; i < ARRAY_LENGTH(formats); i++)
		if (span_equal_ignoring_case(name, span_string(formats[i].name)))
			return &formats[i];
	return NULL;
}

const struct format *format_sniff(struct span head, bool whole, struct span name)
{
	const struct format *best = NULL;
	int surest = 0;
	for (size_t i = 0; i < ARRAY_LENGTH(formats); i++) {
		int sure = formats[i].sniff(head, whole, name);
		if (sure > surest) {
			surest = sure;
			best = &formats[i];
		}
	}
	return best;
}
