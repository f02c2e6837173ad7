/* The edge summary of an import, written in runs: at its end, and before that when it is much. */
#include "writer_private.h"

static bool write_stretch(
	struct writer *writer, struct edge_stretch *stretch, int way, struct error *error)
{
	if (stretch->count == 0)
		return true;
	struct statement *insert = writer_statement(writer, QUERY_EDGE_INSERT, error);
	if (!insert || !writer_open(writer, error))
		return false;
	if (buffer_failed(&stretch->pairs))
		return error_memory(error);
	statement_bind_int(insert, 1, writer->source);
	statement_bind_int(insert, 2, stretch->a.kind);
	statement_bind_int(insert, 3, stretch->a.id);
	statement_bind_int(insert, 4, way);
	statement_bind_int(insert, 5, stretch->b_kind);
	statement_bind_int(insert, 6, stretch->b_first);
	statement_bind_blob(insert, 7, buffer_span(&stretch->pairs));
	if (!statement_run(insert, error))
		return false;
	edge_stretch_clear(stretch);
	return writer_breathe(writer, error);
}

static bool write_way(struct writer *writer, int way, struct error *error)
{
	struct edge_stretch stretch = {0};
	bool written = true;
	for (size_t i = 0; written && i < writer->edges.count; i++) {
		const struct edge *edge = &writer->edges.items[i];
		if (edge_stretch_add(&stretch, edge))
			continue;
		written = write_stretch(writer, &stretch, way, error) &&
			  (edge_stretch_add(&stretch, edge) || error_memory(error));
	}
	written = written && write_stretch(writer, &stretch, way, error);
	buffer_free(&stretch.pairs);
	return written;
}

bool writer_flush_edges(struct writer *writer, struct error *error)
{
	if (!writer_take_turn(writer, error))
		return false;
	if (!edges_sort(&writer->edges))
		return error_memory(error);
	if (!write_way(writer, 0, error))
		return false;
	if (!edges_turn(&writer->edges))
		return error_memory(error);
	if (!write_way(writer, 1, error))
		return false;
	edges_clear(&writer->edges);
	return true;
}
