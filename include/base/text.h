/*
 * base/text.h: text as people see it: UTF-8, width in terminal columns, and what is safe to show.
 *
 * Three measures, never mixed: bytes (offsets into stored text), code points, and columns of a
 * terminal. The unit that is drawn is the *cluster*: a base character with what combines with it
 * (UAX #29), as utf8proc 2.8 cuts it. This is the one authority on width in the program; ncurses
 * is made to ask it as well (screen/width.c).
 *
 * Nothing from a case, a file name or a command line reaches a terminal except through
 * `text_visible_next` or `text_visible`: control characters, C1, DEL, bidi controls, zero-width
 * and other invisible characters, noncharacters and bytes of invalid UTF-8 become visible marks.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/buffer.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The code point at text[0] into *code and its length in bytes (1..4) as result; 0 for a byte that
 * begins no valid UTF-8 (overlong forms, surrogates and values above U+10FFFF are invalid).
 * length > 0. */
size_t text_decode(const char *text, size_t length, uint32_t *code);

/* UTF-8 of a code point into bytes[4]; its length. A surrogate or a value above U+10FFFF becomes
 * U+FFFD. */
size_t text_encode(uint32_t code, char bytes[4]);

/* First byte that is not valid UTF-8, or text.length when all of it is. */
size_t text_invalid_at(struct span text);

/* Columns of one code point by itself: 0 combining, 1, or 2 wide. Ambiguous width counts 1. Never
 * negative: an unsafe code point has the width of the mark that stands for it only through
 * text_visible_next. */
int text_code_width(uint32_t code);

/* Whether a code point is never sent to a terminal as it is: controls, C1, bidi, what is drawn as
 * nothing, noncharacters, unassigned and private ones. */
bool text_code_unsafe(uint32_t code);

/* One drawable unit of a text. */
struct text_cluster {
	size_t start; /* bytes in the source text that this unit stands for */
	size_t end;
	int width;      /* columns, 1 or more */
	bool mark;      /* true when it is a visible mark in place of something unsafe */
	size_t length;  /* bytes in `bytes`, which hold valid, safe UTF-8, and a NUL */
	char bytes[24]; /* a cluster with more combining characters than fit is shown with a mark */
};

/* The unit that begins at byte `at` of text into *cluster. False at the end (at >= length).
 * With ascii true every unit is printable ASCII: what is not becomes a mark.
 * The marks: C0 and DEL as caret notation (^[ for ESC, ^? for DEL), C1 as <80>..<9f> form <U+0080>,
 * invisible, bidi and noncharacters as <U+202E>, bytes of invalid UTF-8 as \x9b.
 * TAB, LF and CR are marks, too (^I ^J ^M): a caller that wants lines cuts them first. Marks are
 * printable ASCII, a column a byte; what is no mark is 1 or 2 columns wide. A base takes at most
 * four combining characters with it; the rest of them is one mark, <+56>. One that stands on
 * nothing is drawn on a dotted circle. `at` is 0 or the end of a unit. */
bool text_visible_next(struct span text, size_t at, bool ascii, struct text_cluster *cluster);

/* All of text made visible, appended to out. For lines that are printed outside the canvas. */
void text_visible(struct buffer *out, struct span text, bool ascii);

/* Columns of all of text as text_visible_next draws it. */
size_t text_width(struct span text, bool ascii);

/* Normalised for identity: NFC, white space trimmed and each inner run of it one space. Bytes of
 * invalid UTF-8 stay as they are. Appended to out. Case is kept. */
void text_normalise(struct buffer *out, struct span text);

/* Of Unicode, whose tables the program carries, for doctor. */
const char *text_unicode_version(void);

/* Longest prefix of text, cut between clusters, that is at most `limit` bytes. */
size_t text_cut(struct span text, size_t limit);

#endif
