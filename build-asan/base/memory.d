build-asan/base/memory.o: tui/base/memory.c include/base/memory.h \
 include/base/compiler.h
include/base/memory.h:
include/base/compiler.h:
