/* What the header says of the case: its incident, the day it is told up to, what it rests on. */
#include "work.h"

#include "base/text.h"
#include "casefile/source.h"

#include <stdio.h>
#include <stdlib.h>

struct incident_event {
	struct job_event event;
	struct incident incident;
	struct error error;
};

static void event_release(struct job_event *event)
{
	free(event);
}

static void copy_cell(const struct record *record, const char *name, char *text, size_t size)
{
	const struct cell *cell = record_cell_named(record, span_string(name));
	int length = cell ? (int)text_cut(cell->text, size - 1) : 0;
	snprintf(text, size, "%.*s", length, cell ? cell->text.data : "");
}

static bool count_skipped(const struct case_file *file, int64_t *skipped, struct error *error)
{
	struct source source = {0};
	int64_t id = 0;
	int more;
	while ((more = source_next(file, &id, &source, error)) > 0) {
		if (source.state == SOURCE_READY)
			*skipped += source.skipped;
		source_free(&source);
	}
	return more == 0;
}

/* Documents that statements stand in: 1 means that all rests on one. */
static bool count_documents(
	struct job *job, struct worker *worker, int64_t *documents, struct error *error)
{
	struct record record = {0};
	enum record_result found = RECORD_NONE;
	int64_t after = 0, seen[64];
	int count = 0;
	int field = kind_field_find(KIND_STATEMENT, span_string("document"));
	while (!job_cancelled(job) && count < (int)ARRAY_LENGTH(seen) &&
		(found = record_next(worker->reader, KIND_STATEMENT, after, &record, error)) ==
			RECORD_FOUND) {
		after = record.id.id;
		const struct cell *cell = record_cell(&record, field);
		bool known = !cell;
		for (int i = 0; !known && i < count; i++)
			known = seen[i] == cell->reference;
		if (!known)
			seen[count++] = cell->reference;
	}
	record_free(&record);
	*documents = count;
	return found != RECORD_FAILED;
}

static void run(struct job *job, void *context)
{
	(void)context;
	struct incident_event *result = calloc(1, sizeof *result);
	if (!result)
		return;
	result->event = (struct job_event){.type = WORK_INCIDENT, .release = event_release};
	struct worker *worker = job_worker_state(job, &result->error);
	struct record record = {0};
	if (worker && record_next(worker->reader, KIND_INCIDENT, 0, &record, &result->error) ==
			      RECORD_FOUND) {
		copy_cell(&record, "name", result->incident.name, sizeof result->incident.name);
		copy_cell(&record, "as_known", result->incident.as_known,
			sizeof result->incident.as_known);
		/* A case of several is none of them. */
		if (record_next(worker->reader, KIND_INCIDENT, record.id.id, &record,
			    &result->error) == RECORD_FOUND)
			result->incident = (struct incident){0};
	}
	record_free(&record);
	if (worker && result->error.code == ERROR_NONE &&
		count_skipped(worker->file, &result->incident.not_imported, &result->error))
		(void)!count_documents(job, worker, &result->incident.documents, &result->error);
	job_post(job, &result->event);
}

void work_incident(struct session *session)
{
	struct error error;
	if (!job_pool_submit(
		    session->jobs, &(struct job_task){.slot = SLOT_INCIDENT, .run = run}, &error))
		session_complain(session, "%s", error.message);
}

void work_take_incident(struct session *session, struct job_event *event)
{
	struct incident_event *result = (struct incident_event *)event;
	session->incident = result->incident;
	if (result->error.code != ERROR_NONE)
		session_complain(session, "%s", result->error.message);
}
