build-asan/base/span.o: tui/base/span.c include/base/span.h \
 include/base/compiler.h
include/base/span.h:
include/base/compiler.h:
