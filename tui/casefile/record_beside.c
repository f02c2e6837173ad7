/* Rows of other tables that go with records: read along with them, not anew for each. */
#include "record_private.h"

bool beside_next(struct beside *beside, struct record_id id, bool *there, struct error *error)
{
	if (!beside->open) {
		statement_bind_int(beside->select, 1, id.kind);
		statement_bind_int(beside->select, 2, id.id);
		beside->open = beside->taken = true;
	}
	while (!beside->done && (beside->taken || beside->record < id.id)) {
		enum statement_result result = statement_step(beside->select, error);
		if (result == STATEMENT_FAILED)
			return false;
		beside->done = result == STATEMENT_DONE;
		beside->taken = false;
		beside->record = beside->done ? 0 : statement_int(beside->select, 0);
	}
	*there = !beside->done && beside->record == id.id;
	beside->taken = *there;
	return true;
}

void beside_rest(struct beside *beside)
{
	if (beside->open)
		statement_reset(beside->select);
	beside->open = beside->done = beside->taken = false;
}
