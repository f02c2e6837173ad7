build-asan/base/error.o: tui/base/error.c include/base/error.h \
 include/base/compiler.h
include/base/error.h:
include/base/compiler.h:
