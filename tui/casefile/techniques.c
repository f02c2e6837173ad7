#include "techniques.h"

#include "casefile/statement.h"
#include "kind_sql.h"

/* Spaces of the names: techniques that have one, and those that are called by their ids. */
enum { SPACE_NAMED, SPACE_BY_ID };

void techniques_free(struct techniques *techniques)
{
	names_free(&techniques->ids);
	techniques->read = false;
}

/* Of two with one id the first one counts. */
static bool read_all(
	struct techniques *techniques, const struct case_file *file, struct error *error)
{
	struct buffer sql = {0};
	buffer_add_string(&sql,
		"SELECT r.id, r.attack_id, r.name_key = r.attack_id FROM technique r"
		" WHERE r.attack_id IS NOT NULL AND ");
	kind_sql_visible(&sql, KIND_TECHNIQUE);
	buffer_add_string(&sql, " ORDER BY r.id");
	struct statement *select = statement_open_built(file, &sql, error);
	if (!select)
		return false;
	names_begin(&techniques->ids);
	techniques->read = true;
	bool ok = true;
	enum statement_result result = STATEMENT_DONE;
	while (ok && (result = statement_step(select, error)) == STATEMENT_ROW) {
		struct span attack_id = statement_text(select, 1);
		int space = statement_int(select, 2) ? SPACE_BY_ID : SPACE_NAMED;
		if (names_find(&techniques->ids, space, attack_id) == 0)
			ok = names_add(&techniques->ids, space, attack_id,
				     statement_int(select, 0)) ||
			     error_memory(error);
	}
	statement_close(select);
	return ok && result == STATEMENT_DONE;
}

bool techniques_find(struct techniques *techniques, const struct case_file *file,
	struct span attack_id, int64_t *id, struct error *error)
{
	if (!techniques->read && !read_all(techniques, file, error))
		return false;
	*id = names_find(&techniques->ids, SPACE_NAMED, attack_id);
	if (*id == 0)
		*id = names_find(&techniques->ids, SPACE_BY_ID, attack_id);
	return true;
}
