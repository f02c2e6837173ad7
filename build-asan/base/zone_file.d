build-asan/base/zone_file.o: tui/base/zone_file.c tui/base/zone_file.h \
 include/base/compiler.h include/base/error.h include/base/span.h \
 include/base/memory.h
tui/base/zone_file.h:
include/base/compiler.h:
include/base/error.h:
include/base/span.h:
include/base/memory.h:
