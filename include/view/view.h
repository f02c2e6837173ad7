/*
 * view/view.h: the picture of a session, drawn onto a canvas. Reads, never changes.
 */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include "explore/session.h"
#include "view/canvas.h"

/* Draws everything on a cleared canvas of the session's size. */
void view_draw(const struct session *session, struct canvas *canvas);

#endif
