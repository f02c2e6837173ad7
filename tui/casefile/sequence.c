#include "sequence.h"

#include "casefile/statement.h"

/* As it is stored: kinds by their number, what is beside them below zero, so that a new kind takes
 * nobody's place. */
static int64_t stored_kind(int of)
{
	return of < KIND_COUNT ? of : KIND_COUNT - 1 - of;
}

bool sequence_load(const struct case_file *file, struct sequence *sequence, struct error *error)
{
	for (int of = 0; of < SEQUENCE_COUNT; of++) {
		sequence->next[of] = 1;
		sequence->changed[of] = false;
	}
	struct statement *select = statement_open(file, QUERY_SEQUENCE_LIST, error);
	if (!select)
		return false;
	enum statement_result result;
	while ((result = statement_step(select, error)) == STATEMENT_ROW)
		for (int of = 0; of < SEQUENCE_COUNT; of++)
			if (stored_kind(of) == statement_int(select, 0))
				sequence->next[of] = statement_int(select, 1);
	statement_close(select);
	return result == STATEMENT_DONE;
}

bool sequence_store(struct case_file *file, struct sequence *sequence, struct error *error)
{
	struct statement *store = statement_open(file, QUERY_SEQUENCE_STORE, error);
	bool stored = store != NULL;
	for (int of = 0; stored && of < SEQUENCE_COUNT; of++) {
		if (!sequence->changed[of])
			continue;
		statement_bind_int(store, 1, stored_kind(of));
		statement_bind_int(store, 2, sequence->next[of]);
		stored = statement_run(store, error);
		sequence->changed[of] = false;
	}
	statement_close(store);
	return stored;
}
