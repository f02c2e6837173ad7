/* Where else a record is told of. */
#include "casefile/record.h"
#include "casefile/statement.h"

int record_mentions(const struct case_file *file, const struct record *record,
	struct record_mention *mentions, int most, bool *more, struct error *error)
{
	struct statement *select = statement_open(file, QUERY_MENTION_LIST, error);
	enum statement_result result = STATEMENT_FAILED;
	int count = 0;
	*more = false;
	if (!select)
		return -1;
	statement_bind_int(select, 1, record->id.kind);
	statement_bind_int(select, 2, record->id.id);
	while (!*more && (result = statement_step(select, error)) == STATEMENT_ROW) {
		struct record_mention mention = {.source = statement_int(select, 0),
			.start = (uint64_t)statement_int(select, 1),
			.end = (uint64_t)statement_int(select, 2)};
		if (mention.source == record->source && mention.start == record->start)
			continue;
		*more = count == most;
		if (!*more)
			mentions[count++] = mention;
	}
	statement_close(select);
	return result == STATEMENT_FAILED ? -1 : count;
}
