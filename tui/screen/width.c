#include "width.h"

#include "base/text.h"

/*
 * ncurses asks libc how wide a character is, and libc's table is another one than ours. These two
 * stand in front of libc's for the whole process, libncursesw included, so that both count alike.
 */

int wcwidth(wchar_t character)
{
	const uint32_t code = (uint32_t)character;
	if (code == 0)
		return 0;
	if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code > 0x10ffff)
		return -1;
	return text_code_width(code);
}

int wcswidth(const wchar_t *text, size_t length)
{
	int width = 0;
	for (size_t i = 0; i < length && text[i] != 0; i++) {
		const int one = wcwidth(text[i]);
		if (one < 0)
			return -1;
		width += one;
	}
	return width;
}
