build-asan/explore/rows.o: tui/explore/rows.c include/explore/rows.h \
 include/base/compiler.h include/base/memory.h
include/explore/rows.h:
include/base/compiler.h:
include/base/memory.h:
