/* The edge summary in memory, written as stretches of pairs. */
#include "edges.h"

static bool write_stretch(
	const struct edges_writing *to, struct edge_stretch *stretch, int way, struct error *error)
{
	if (stretch->count == 0)
		return true;
	if (to->before && !to->before(to->context, error))
		return false;
	if (buffer_failed(&stretch->pairs))
		return error_memory(error);
	statement_bind_int(to->insert, 1, to->source);
	statement_bind_int(to->insert, 2, stretch->a.kind);
	statement_bind_int(to->insert, 3, stretch->a.id);
	statement_bind_int(to->insert, 4, way);
	statement_bind_int(to->insert, 5, stretch->b_kind);
	statement_bind_int(to->insert, 6, stretch->b_first);
	statement_bind_blob(to->insert, 7, buffer_span(&stretch->pairs));
	if (!statement_run(to->insert, error))
		return false;
	edge_stretch_clear(stretch);
	return true;
}

static bool write_way(
	const struct edges *edges, const struct edges_writing *to, int way, struct error *error)
{
	struct edge_stretch stretch = {0};
	bool written = true;
	for (size_t i = 0; written && i < edges->count; i++) {
		const struct edge *edge = &edges->items[i];
		if (edge_stretch_add(&stretch, edge))
			continue;
		written = write_stretch(to, &stretch, way, error) &&
			  (edge_stretch_add(&stretch, edge) || error_memory(error));
	}
	written = written && write_stretch(to, &stretch, way, error);
	buffer_free(&stretch.pairs);
	return written;
}

bool edges_write(struct edges *edges, const struct edges_writing *to, struct error *error)
{
	if (!edges_sort(edges))
		return error_memory(error);
	if (!write_way(edges, to, 0, error))
		return false;
	if (!edges_turn(edges))
		return error_memory(error);
	if (!write_way(edges, to, 1, error))
		return false;
	edges_clear(edges);
	return true;
}
