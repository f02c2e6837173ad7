#include "work.h"

#include <stdlib.h>

void *worker_open(void *context, struct error *error)
{
	struct worker *worker = calloc(1, sizeof *worker);
	if (!worker) {
		error_memory(error);
		return NULL;
	}
	worker->file = case_open_again(context, error);
	worker->reader = worker->file ? record_reader_open(worker->file, error) : NULL;
	if (!worker->reader) {
		worker_close(worker);
		return NULL;
	}
	return worker;
}

void worker_close(void *state)
{
	struct worker *worker = state;
	record_reader_close(worker->reader);
	case_close(worker->file);
	free(worker);
}

void worker_stop(void *state)
{
	struct worker *worker = state;
	case_interrupt(worker->file);
}

struct list *work_list(const struct session *session, int slot)
{
	for (int i = 0; i < session->place_count; i++)
		for (int k = 0; k < session->places[i]->list_count; k++)
			if (session->places[i]->lists[k]->slot == slot)
				return session->places[i]->lists[k];
	return NULL;
}

void work_take(struct session *session, struct job_event *event)
{
	switch ((enum work_event_type)event->type) {
	case WORK_ROWS:
		work_take_rows(session, event);
		break;
	case WORK_HITS:
		work_take_hits(session, event);
		break;
	case WORK_RESULTS:
		work_take_results(session, event);
		break;
	case WORK_SOURCE:
		work_take_source(session, event);
		break;
	case WORK_FIND:
		work_take_find(session, event);
		break;
	case WORK_COUNT:
		work_take_count(session, event);
		break;
	case WORK_WHY:
		work_take_why(session, event);
		break;
	case WORK_INCIDENT:
		work_take_incident(session, event);
		break;
	case WORK_INTEGRITY:
		work_take_integrity(session, event);
		break;
	}
}
