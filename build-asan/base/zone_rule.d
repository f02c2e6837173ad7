build-asan/base/zone_rule.o: tui/base/zone_rule.c tui/base/calendar.h \
 tui/base/zone_file.h include/base/compiler.h include/base/error.h \
 include/base/span.h
tui/base/calendar.h:
tui/base/zone_file.h:
include/base/compiler.h:
include/base/error.h:
include/base/span.h:
