/* What a decision says of itself. */
#include "casefile/journal.h"

#include "casefile/statement.h"

int64_t journal_of_field(
	const struct case_file *file, struct record_id id, struct span field, struct error *error)
{
	struct statement *select = statement_open(file, QUERY_OVERLAY_OF, error);
	if (!select)
		return -1;
	statement_bind_int(select, 1, id.kind);
	statement_bind_int(select, 2, id.id);
	statement_bind_text(select, 3, field);
	enum statement_result result = statement_step(select, error);
	int64_t number = result == STATEMENT_FAILED ? -1
			 : result == STATEMENT_ROW  ? statement_int(select, 0)
						    : 0;
	statement_close(select);
	return number;
}

bool journal_why(
	const struct case_file *file, int64_t number, struct buffer *out, struct error *error)
{
	struct statement *select = statement_open(file, QUERY_JOURNAL_ENTRY, error);
	if (!select)
		return false;
	statement_bind_int(select, 1, number);
	enum statement_result result = statement_step(select, error);
	if (result == STATEMENT_ROW) {
		struct span reason = statement_text(select, 1);
		buffer_add_span(out, statement_text(select, 0));
		buffer_add_string(out, ": ");
		buffer_add_span(out, span_stated(reason) ? reason : span_string("no reason given"));
	}
	statement_close(select);
	return result != STATEMENT_FAILED;
}
