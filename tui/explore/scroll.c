#include "scroll.h"

int scroll_margin(int height)
{
	return height >= 8 ? 2 : height >= 5 ? 1 : 0;
}

void scroll_to(int64_t *top, int64_t *cursor, int64_t row, int64_t count, int height, int margin)
{
	if (height < 1)
		height = 1;
	if (row >= count)
		row = count - 1;
	if (row < 0)
		row = 0;
	*cursor = row;
	if (row - margin < *top)
		*top = row - margin;
	if (row + margin >= *top + height)
		*top = row + margin - height + 1;
	if (*top > count - height)
		*top = count - height;
	if (*top < 0)
		*top = 0;
}
