#include "search/lines.h"

#include <string.h>

#define PIECE ((size_t)1024 * 1024)
/* Bytes that are read at first to see where the last line of a piece ends. */
#define FIRST_STEP ((size_t)4096)
/* Matches of one line between two looks at the flag. */
#define LOOK_EVERY 1024

/* The lines that begin within one piece, as their images. */
struct piece {
	struct buffer bytes;
	uint64_t start; /* of bytes in the text */
	size_t at;      /* the next line */
	bool cut;       /* the last line is longer than what is looked at */
};

struct line {
	size_t start, end; /* in piece.bytes, without what ends it */
	bool cut;
};

static size_t piece_size(const struct lines *lines)
{
	return lines->piece ? lines->piece : PIECE;
}

static uint64_t piece_count(const struct lines *lines)
{
	return (lines->size + piece_size(lines) - 1) / piece_size(lines);
}

static bool is_cancelled(const struct lines *lines)
{
	return lines->cancel && atomic_load_explicit(lines->cancel, memory_order_relaxed);
}

/* Reads on until the piece ends with the end of its last line, which begins at `last`. */
static bool finish_line(
	const struct lines *lines, struct piece *piece, size_t last, struct error *error)
{
	struct buffer *bytes = &piece->bytes;
	size_t longest = lines->longest ? lines->longest : LINES_LONGEST, step = FIRST_STEP;
	uint64_t end = piece->start + bytes->length;
	while (end < lines->size && bytes->length - last < longest) {
		size_t seen = bytes->length;
		uint64_t to = end + step, most = piece->start + last + longest;
		to = to < most ? to : most;
		to = to < lines->size ? to : lines->size;
		if (is_cancelled(lines))
			return error_set(error, ERROR_CANCELLED, "cancelled");
		if (!lines->read(lines->context, end, to, bytes, error))
			return false;
		const char *feed = memchr(bytes->data + seen, '\n', bytes->length - seen);
		if (feed) {
			bytes->length = (size_t)(feed - bytes->data) + 1;
			return true;
		}
		end = to;
		step *= 2;
	}
	if (bytes->length - last > longest)
		bytes->length = last + longest;
	piece->cut = piece->start + bytes->length < lines->size;
	return true;
}

/* The lines that begin in the piece of a number; there may be none. */
static bool load(
	const struct lines *lines, uint64_t number, struct piece *piece, struct error *error)
{
	struct buffer *bytes = &piece->bytes;
	uint64_t begin = number * piece_size(lines), end = begin + piece_size(lines);
	if (is_cancelled(lines))
		return error_set(error, ERROR_CANCELLED, "cancelled");
	/* The byte before tells whether a line begins at the first one. */
	buffer_clear(bytes);
	piece->start = begin > 0 ? begin - 1 : 0;
	piece->at = 0;
	piece->cut = false;
	if (end > lines->size)
		end = lines->size;
	if (!lines->read(lines->context, piece->start, end, bytes, error))
		return false;
	if (begin > 0) {
		const char *feed = memchr(bytes->data, '\n', bytes->length);
		piece->at = feed ? (size_t)(feed - bytes->data) + 1 : bytes->length;
	}
	if (piece->at < bytes->length && bytes->data[bytes->length - 1] != '\n') {
		const char *feed =
			memrchr(bytes->data + piece->at, '\n', bytes->length - piece->at);
		size_t last = feed ? (size_t)(feed - bytes->data) + 1 : piece->at;
		if (!finish_line(lines, piece, last, error))
			return false;
	}
	/* No character reaches over the end of a line: this is the image of each. */
	(void)search_image(
		span_slice(buffer_span(bytes), piece->at, bytes->length), bytes->data + piece->at);
	return true;
}

static bool next_line(struct piece *piece, struct line *line)
{
	const struct buffer *bytes = &piece->bytes;
	if (piece->at >= bytes->length)
		return false;
	const char *feed = memchr(bytes->data + piece->at, '\n', bytes->length - piece->at);
	line->start = piece->at;
	line->end = feed ? (size_t)(feed - bytes->data) : bytes->length;
	line->cut = !feed && piece->cut;
	piece->at = feed ? line->end + 1 : line->end;
	if (feed && line->end > line->start && bytes->data[line->end - 1] == '\r')
		line->end--;
	return true;
}

/* The first match of a line, as bytes of it. What touches the place where a line was cut might not
 * be one. */
static enum match_result match_line(const struct lines *lines, const struct piece *piece,
	const struct line *line, struct range *hit)
{
	struct span image = span_slice(buffer_span(&piece->bytes), line->start, line->end);
	enum match_result result = matcher_cell(lines->matcher, image, 0, hit);
	bool unsure = line->cut && result == MATCH_YES && hit->end == image.length;
	return unsure ? MATCH_NO : result;
}

/* What lines_next looks for: a match that begins within these bytes. */
struct hunt {
	const struct lines *lines;
	struct piece piece;
	struct range within;
	bool backwards; /* the last one, not the first */
	uint64_t gone;  /* pieces gone through */
	struct lines_hit *hit;
};

static bool find_in_line(struct hunt *hunt, const struct line *line)
{
	struct span image = span_slice(buffer_span(&hunt->piece.bytes), line->start, line->end);
	uint64_t start = hunt->piece.start + line->start;
	struct range range;
	bool found = false;
	enum match_result result = match_line(hunt->lines, &hunt->piece, line, &range);
	for (int64_t i = 1; result == MATCH_YES && start + range.start < hunt->within.end; i++) {
		if (line->cut && range.end == image.length)
			break;
		if (start + range.start >= hunt->within.start) {
			hunt->hit->bytes = (struct range){start + range.start, start + range.end};
			found = true;
			if (!hunt->backwards)
				break;
		}
		if (i % LOOK_EVERY == 0 && is_cancelled(hunt->lines))
			break;
		result = matcher_next(hunt->lines->matcher, image, &range);
	}
	return found;
}

static bool find_in_piece(struct hunt *hunt)
{
	struct line line;
	bool found = false;
	while ((hunt->backwards || !found) && next_line(&hunt->piece, &line)) {
		if (hunt->piece.start + line.start >= hunt->within.end)
			break;
		if (hunt->piece.start + line.end >= hunt->within.start)
			found |= find_in_line(hunt, &line);
	}
	return found;
}

static void tell(const struct lines *lines, uint64_t pieces)
{
	uint64_t bytes = pieces * piece_size(lines);
	if (lines->progress)
		lines->progress(lines->context, bytes < lines->size ? bytes : lines->size);
}

/* Goes from one piece to another, up or down. */
static bool find_in_pieces(struct hunt *hunt, uint64_t first, uint64_t last, struct error *error)
{
	for (uint64_t number = first;; number += hunt->backwards ? UINT64_MAX : 1) {
		if (!load(hunt->lines, number, &hunt->piece, error))
			return false;
		hunt->hit->found = find_in_piece(hunt);
		if (hunt->hit->found)
			return true;
		if (is_cancelled(hunt->lines))
			return error_set(error, ERROR_CANCELLED, "cancelled");
		tell(hunt->lines, ++hunt->gone);
		if (number == last)
			return true;
	}
}

/* The piece in which the line of a byte begins. */
static bool find_piece(struct hunt *hunt, uint64_t byte, uint64_t *number, struct error *error)
{
	uint64_t last = piece_count(hunt->lines) - 1;
	*number = byte / piece_size(hunt->lines) < last ? byte / piece_size(hunt->lines) : last;
	for (; *number > 0; --*number) {
		if (!load(hunt->lines, *number, &hunt->piece, error))
			return false;
		if (hunt->piece.at < hunt->piece.bytes.length &&
			hunt->piece.start + hunt->piece.at <= byte)
			return true;
	}
	return true;
}

bool lines_next(const struct lines *lines, uint64_t from, bool backwards, struct lines_hit *hit,
	struct error *error)
{
	*hit = (struct lines_hit){0};
	if (lines->size == 0)
		return true;
	struct hunt hunt = {.lines = lines,
		.backwards = backwards,
		.within = backwards ? (struct range){0, from} : (struct range){from, SIZE_MAX},
		.hit = hit};
	uint64_t here = 0, last = piece_count(lines) - 1;
	bool good = find_piece(&hunt, from, &here, error) &&
		    find_in_pieces(&hunt, here, backwards ? 0 : last, error);
	if (good && !hit->found) {
		hunt.within = (struct range){0, SIZE_MAX};
		good = find_in_pieces(&hunt, backwards ? last : 0, here, error);
		hit->wrapped = hit->found;
	}
	buffer_free(&hunt.piece.bytes);
	return good;
}

bool lines_count(const struct lines *lines, struct lines_count *count, struct error *error)
{
	struct piece piece = {0};
	bool good = true;
	*count = (struct lines_count){0};
	for (uint64_t number = 0; good && number < piece_count(lines); number++) {
		struct line line;
		struct range hit;
		good = load(lines, number, &piece, error);
		while (good && next_line(&piece, &line)) {
			enum match_result result = match_line(lines, &piece, &line, &hit);
			if (result == MATCH_CANCELLED) {
				good = error_set(error, ERROR_CANCELLED, "cancelled");
				break;
			}
			count->lines++;
			count->hits += result == MATCH_YES;
			count->undecided += result == MATCH_UNDECIDED || line.cut;
		}
		if (good)
			tell(lines, number + 1);
	}
	buffer_free(&piece.bytes);
	return good;
}
