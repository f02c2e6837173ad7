#include "progress.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/text.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Of a terminal that does not tell. */
#define ROW_COLUMNS 80
#define PERIOD_MILLISECONDS 250
#define QUIET_MILLISECONDS 1000

/* Columns of a row, less the last, which may wrap. */
static size_t row_width(void)
{
	struct winsize size;
	bool told = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
	return (told ? size.ws_col : (size_t)ROW_COLUMNS) - 1;
}

bool progress_due(struct progress *progress)
{
	int64_t now = clock_microseconds() / 1000;
	if (progress->began == 0)
		progress->began = now;
	if (now - progress->began < QUIET_MILLISECONDS ||
		now - progress->told < PERIOD_MILLISECONDS || !isatty(STDERR_FILENO))
		return false;
	progress->told = now;
	return true;
}

double progress_seconds(const struct progress *progress)
{
	return (double)(progress->told - progress->began) / 1000;
}

void progress_show(struct progress *progress, struct span line)
{
	struct buffer out = {0};
	struct text_cluster cluster;
	size_t width = 0, most = row_width();
	buffer_add_byte(&out, '\r');
	for (size_t at = 0; text_visible_next(line, at, false, &cluster); at = cluster.end) {
		if (width + (size_t)cluster.width > most)
			break;
		buffer_add(&out, cluster.bytes, cluster.length);
		width += (size_t)cluster.width;
	}
	for (size_t column = width; column < progress->width && column < most; column++)
		buffer_add_byte(&out, ' ');
	if (!buffer_failed(&out))
		fwrite(out.data, 1, out.length, stderr);
	progress->width = width;
	buffer_free(&out);
}

void progress_show_now(struct progress *progress, struct span line)
{
	if (isatty(STDERR_FILENO))
		progress_show(progress, line);
}

void progress_end(struct progress *progress)
{
	size_t most = row_width();
	if (progress->width > 0)
		fprintf(stderr, "\r%*s\r", (int)(progress->width < most ? progress->width : most),
			"");
	*progress = (struct progress){0};
}
