build-asan/casefile/statement.o: tui/casefile/statement.c \
 include/casefile/statement.h include/base/compiler.h \
 include/base/error.h include/base/span.h include/casefile/case.h \
 build-asan/generated/queries.h include/base/memory.h \
 tui/casefile/case_private.h
include/casefile/statement.h:
include/base/compiler.h:
include/base/error.h:
include/base/span.h:
include/casefile/case.h:
build-asan/generated/queries.h:
include/base/memory.h:
tui/casefile/case_private.h:
