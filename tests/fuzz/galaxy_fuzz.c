/* The misp-galaxy format over any bytes: nothing crashes, and every unit is accounted for. */
#include "format_target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	format_target("misp-galaxy", NULL, data, size, NULL);
	return 0;
}
