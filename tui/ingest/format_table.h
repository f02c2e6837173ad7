/*
 * The functions that rows of the format table point to. Private to ingest/: a format adds its two
 * lines here and its row in formats.c.
 */
#ifndef INGEST_FORMAT_TABLE_H
#define INGEST_FORMAT_TABLE_H

#include "base/error.h"
#include "base/span.h"
#include "ingest/input.h"
#include "ingest/loader.h"

#include <stdbool.h>

int table_sniff(struct span head, bool whole, struct span name);
bool table_read(struct input *input, struct loader *loader, struct error *error) MUST_CHECK;

int document_sniff(struct span head, bool whole, struct span name);
bool document_read(struct input *input, struct loader *loader, struct error *error) MUST_CHECK;

/* Files of events (event_files.c). */
#define EVENT_FAMILY(name)                                                \
	int name##_sniff(struct span head, bool whole, struct span file); \
	bool name##_read(struct input *input, struct loader *loader, struct error *error) MUST_CHECK
EVENT_FAMILY(plaso);
EVENT_FAMILY(hayabusa);
EVENT_FAMILY(timesketch);
EVENT_FAMILY(winlog);
EVENT_FAMILY(ecs);
EVENT_FAMILY(zeek);
EVENT_FAMILY(cloudtrail);
EVENT_FAMILY(gcp);
EVENT_FAMILY(azure);
EVENT_FAMILY(m365);
#undef EVENT_FAMILY

int stix_sniff(struct span head, bool whole, struct span name);
bool stix_read(struct input *input, struct loader *loader, struct error *error) MUST_CHECK;

int misp_sniff(struct span head, bool whole, struct span name);
bool misp_read(struct input *input, struct loader *loader, struct error *error) MUST_CHECK;
int misp_warninglist_sniff(struct span head, bool whole, struct span name);
int misp_galaxy_sniff(struct span head, bool whole, struct span name);
bool misp_galaxy_read(struct input *input, struct loader *loader, struct error *error) MUST_CHECK;
int misp_manifest_sniff(struct span head, bool whole, struct span name);
int misp_hashes_sniff(struct span head, bool whole, struct span name);

int veris_sniff(struct span head, bool whole, struct span name);
bool veris_read(struct input *input, struct loader *loader, struct error *error) MUST_CHECK;

int hibp_sniff(struct span head, bool whole, struct span name);
bool hibp_read(struct input *input, struct loader *loader, struct error *error) MUST_CHECK;

int hash_list_sniff(struct span head, bool whole, struct span name);
bool hash_list_read(struct input *input, struct loader *loader, struct error *error) MUST_CHECK;

/* JSON of any other kind (json_table.c). */
int jsonl_sniff(struct span head, bool whole, struct span name);
int json_sniff(struct span head, bool whole, struct span name);
bool json_table_read(struct input *input, struct loader *loader, struct error *error) MUST_CHECK;

/* Whether a file name ends in one of these, in any case: ".csv .tsv". */
bool name_ends(struct span name, const char *endings);

#endif
