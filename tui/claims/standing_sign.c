#include "claims/standing.h"

char standing_sign(enum standing standing)
{
	switch (standing) {
	case STANDING_DISPUTED:
		return '!';
	case STANDING_TENSION:
		return '~';
	case STANDING_UNCONTESTED:
		return '=';
	case STANDING_SINGLE_SOURCE:
		return '.';
	case STANDING_UNSUPPORTED:
		break;
	}
	return '?';
}
