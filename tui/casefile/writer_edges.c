/* The edge summary of an import, written in runs: at its end, and before that when it is much. */
#include "writer_private.h"

static bool make_room(void *context, struct error *error)
{
	return writer_breathe(context, error) && writer_open(context, error);
}

bool writer_flush_edges(struct writer *writer, struct error *error)
{
	struct statement *insert = writer_statement(writer, QUERY_EDGE_INSERT, error);
	if (!insert || !writer_take_turn(writer, error))
		return false;
	struct edges_writing to = {
		.insert = insert, .source = writer->source, .before = make_room, .context = writer};
	return edges_write(&writer->edges, &to, error) && writer_breathe(writer, error);
}
