/*
 * width.h: wcwidth and wcswidth by base/text.h, for ncurses.
 *
 * Including this and calling one of them is what keeps width.o in a program that links the archive.
 */
#ifndef TUI_SCREEN_WIDTH_H
#define TUI_SCREEN_WIDTH_H

#include <wchar.h>

#endif
