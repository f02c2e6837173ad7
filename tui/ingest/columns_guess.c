/* Which kind the names of columns, or of an object's keys, tell of. */
#include "columns_private.h"

#include "indicator.h"

#include <string.h>

/* A time and a login: rows of a log, whatever hashes and addresses they have. */
static bool is_log(const struct span *names, size_t count)
{
	bool time = false, account = false;
	int account_field = kind_field_find(KIND_EVENT, span_string("account"));
	for (size_t i = 0; i < count; i++) {
		int field = mapping_synonym(KIND_EVENT, columns_clean(names[i]));
		if (field < 0)
			field = columns_field_like(KIND_EVENT, columns_clean(names[i]));
		time = time || field == 0;
		account = account || (field >= 0 && field == account_field);
	}
	return time && account;
}

/* The same by columns that hold indicators and none that is called their value: a hash is a better
 * sign than an address, which hosts have, too. */
static int fit_indicators(const struct span *names, size_t count, int points)
{
	int best = 0, others = -1;
	if (is_log(names, count))
		return 0;
	for (size_t i = 0; i < count; i++) {
		int sure = indicator_column(columns_clean(names[i]));
		best = sure > best ? sure : best;
		others += sure > 0;
	}
	if (best == 0)
		return 0;
	return points + (best == 2 ? 5 : 2) + others;
}

/* How well a header fits a kind: 0 when its name, or an event's time, is not in it. */
static int fit(enum kind kind, const struct span *names, size_t count)
{
	const struct kind_info *info = kind_info(kind);
	bool seen[MAX_FIELDS] = {false};
	int points = 0;
	for (size_t i = 0; i < count; i++) {
		struct span name = columns_clean(names[i]);
		int field = columns_field_like(kind, name);
		int worth = field >= 0 ? 3 : 2;
		if (field < 0)
			field = mapping_synonym(kind, name);
		if (field < 0 || seen[field])
			continue;
		seen[field] = true;
		/* Many things have a status. */
		points += info->fields[field].flags & FIELD_JUDGEMENT ? 0 : worth;
	}
	if (kind == KIND_EVENT)
		return seen[0] && points > 3 ? points : 0;
	if (kind == KIND_INDICATOR && !seen[info->name_field])
		return fit_indicators(names, count, points);
	return seen[info->name_field] ? points : 0;
}

/* `hosts.csv` names the kind host. */
static bool file_names(enum kind kind, struct span file_name)
{
	const char *dot = file_name.length ? memchr(file_name.data, '.', file_name.length) : NULL;
	struct span stem =
		span_slice(file_name, 0, dot ? (size_t)(dot - file_name.data) : file_name.length);
	return span_equal_ignoring_case(stem, span_string(kind_info(kind)->name)) ||
	       span_equal_ignoring_case(stem, span_string(kind_info(kind)->plural));
}

enum kind columns_guess(const struct span *names, size_t count, struct span file_name)
{
	enum kind best = KIND_NONE;
	/* One field by its name is no evidence, where there are others. */
	int best_points = count > 1 ? 3 : 1;
	bool alike = false;
	const struct mapping *mapping = mapping_find(names, count);
	if (mapping)
		return mapping->kind;
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		int points = fit((enum kind)kind, names, count);
		if (points > 0 && file_names((enum kind)kind, file_name))
			return (enum kind)kind;
		if (points > best_points) {
			best_points = points;
			best = (enum kind)kind;
			alike = false;
		} else if (points == best_points) {
			alike = true;
		}
	}
	return alike ? KIND_NONE : best;
}
