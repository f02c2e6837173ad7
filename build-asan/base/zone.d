build-asan/base/zone.o: tui/base/zone.c include/base/zone.h \
 include/base/compiler.h include/base/error.h include/base/span.h \
 include/base/memory.h tui/base/calendar.h tui/base/zone_file.h
include/base/zone.h:
include/base/compiler.h:
include/base/error.h:
include/base/span.h:
include/base/memory.h:
tui/base/calendar.h:
tui/base/zone_file.h:
