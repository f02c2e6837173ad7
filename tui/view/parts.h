/*
 * view/parts.h: the pieces that view_draw puts together.
 */
#ifndef VIEW_PARTS_H
#define VIEW_PARTS_H

#include "explore/layout.h"
#include "view/canvas.h"

/* The program's own words, with · … × → – as they are, or in ASCII where the canvas is. Case text
 * goes through canvas_text. Returns the columns used. */
int view_words(struct canvas *canvas, int x, int y, int width, const char *words, enum style style);
/* 1204331 as 1,204,331. */
#define VIEW_NUMBER_SIZE 32
void view_number(int64_t number, char text[VIEW_NUMBER_SIZE]);

/* A frame with its title at the left and its corner at the right. */
void view_frame(struct canvas *canvas, struct rect rect, bool focused, const char *title,
	const char *words);

void view_header(const struct session *session, struct canvas *canvas);
void view_footer(const struct session *session, struct canvas *canvas);
void view_list(const struct session *session, const struct list *list, struct rect rect,
	bool focused, struct canvas *canvas);
void view_card(const struct card *card, struct rect rect, bool focused, const char *title,
	const char *corner, struct canvas *canvas);
static inline bool view_has_bytes(const struct source_view *source)
{
	return !source->checking && source->error.code == ERROR_NONE;
}
void view_source(const struct source_view *source, struct rect rect, struct canvas *canvas);
void view_results(const struct results *results, struct rect rect, struct canvas *canvas);
/* Keys that work here, on line y; help is always among them, at the end. */
void view_keys(const struct session *session, int y, struct canvas *canvas);
/* While a sequence of keys is not whole: what may follow, on the lines y and y + 1. False when none
 * is begun. */
bool view_keys_ahead(const struct session *session, int y, struct canvas *canvas);
void view_palette(const struct session *session, struct canvas *canvas);

/* Words at the right of a frame's bottom border, where what is at its left leaves room for them. */
void view_foot(struct canvas *canvas, struct rect rect, int taken, const char *words);

#endif
