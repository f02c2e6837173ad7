#include "base/image.h"
#include "search/pattern.h"

bool search_image(struct span cell, char *out)
{
	return image_make(cell, out);
}
