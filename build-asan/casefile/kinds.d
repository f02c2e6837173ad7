build-asan/casefile/kinds.o: tui/casefile/kinds.c \
 include/casefile/kinds.h include/base/compiler.h include/base/span.h
include/casefile/kinds.h:
include/base/compiler.h:
include/base/span.h:
