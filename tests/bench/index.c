/* Times the index of search by itself: over the blocks of a case, all of it but the reading.
 *	index CASE
 * prints the megabytes of text that were indexed, the seconds of one core, and the bytes of the
 * index. */
#include "../../tui/search/postings_private.h"

#include "base/buffer.h"
#include "casefile/block_reader.h"

#include <sqlite3.h>
#include <stdio.h>
#include <time.h>

/* As tui/search/postings_write.c has it. */
#define SEGMENT_MEMORY (48U * 1024 * 1024)

struct indexing {
	sqlite3 *database; /* in memory: where the postings go */
	sqlite3_stmt *insert;
	struct terms terms;
	struct growing *growing;
	struct buffer posting;
	double seconds;
	double text, index; /* bytes */
};

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static bool begin(struct indexing *indexing)
{
	static const char schema[] =
		"CREATE TABLE posting(segment INTEGER NOT NULL, term INTEGER NOT NULL, blocks BLOB "
		"NOT NULL, PRIMARY KEY(segment, term)) STRICT, WITHOUT ROWID; BEGIN";
	return sqlite3_open(":memory:", &indexing->database) == SQLITE_OK &&
	       sqlite3_exec(indexing->database, schema, NULL, NULL, NULL) == SQLITE_OK &&
	       sqlite3_prepare_v2(indexing->database, "INSERT INTO posting VALUES(?1, ?2, ?3)", -1,
		       &indexing->insert, NULL) == SQLITE_OK &&
	       terms_begin(&indexing->terms) && (indexing->growing = growing_new());
}

static bool write_segment(struct indexing *indexing)
{
	uint32_t term = 0, found;
	struct buffer *posting = &indexing->posting;
	while (growing_next(indexing->growing, &term, &found, posting)) {
		sqlite3_bind_int64(indexing->insert, 1, indexing->growing->blocks[0].id);
		sqlite3_bind_int64(indexing->insert, 2, found);
		sqlite3_bind_blob64(
			indexing->insert, 3, posting->data, posting->length, SQLITE_STATIC);
		if (sqlite3_step(indexing->insert) != SQLITE_DONE)
			return false;
		sqlite3_reset(indexing->insert);
		indexing->index += (double)posting->length;
	}
	growing_free(indexing->growing);
	indexing->growing = growing_new();
	return indexing->growing && !buffer_failed(posting);
}

static bool add_block(struct indexing *indexing, int64_t id, struct span text)
{
	double began = now();
	struct segment_block block = {.id = id, .first = id, .records = 1};
	bool good = terms_find(&indexing->terms, text) &&
		    growing_add(indexing->growing, &block, &indexing->terms) &&
		    (indexing->growing->memory <= SEGMENT_MEMORY || write_segment(indexing));
	indexing->seconds += now() - began;
	indexing->text += (double)text.length;
	return good;
}

static bool add_all(struct indexing *indexing, const struct case_file *file, struct error *error)
{
	struct block_reader *reader = block_reader_open(file, error);
	struct statement *select =
		reader ? statement_open_text(file, "SELECT id FROM block ORDER BY id", error)
		       : NULL;
	struct buffer text = {0};
	bool good = select != NULL;
	while (good && statement_step(select, error) == STATEMENT_ROW) {
		int64_t id = statement_int(select, 0);
		good = block_reader_text(reader, id, &text, error) == BLOCK_THERE &&
		       add_block(indexing, id, buffer_span(&text));
	}
	statement_close(select);
	block_reader_close(reader);
	buffer_free(&text);
	double began = now();
	good = good && write_segment(indexing);
	indexing->seconds += now() - began;
	return good;
}

int main(int argc, char **argv)
{
	struct error error = {.message = "out of memory"};
	struct indexing indexing = {0};
	struct case_file *file =
		argc == 2 ? case_open(argv[1], &(struct case_options){.mode = CASE_READ}, &error)
			  : NULL;
	bool good = file && begin(&indexing) && add_all(&indexing, file, &error);
	if (good)
		printf("%.1f %.3f %.0f\n", indexing.text / 1e6, indexing.seconds, indexing.index);
	else
		fprintf(stderr, "index: %s\n", error.message);
	sqlite3_finalize(indexing.insert);
	sqlite3_close(indexing.database);
	terms_free(&indexing.terms);
	growing_free(indexing.growing);
	buffer_free(&indexing.posting);
	case_close(file);
	return good ? 0 : 1;
}
