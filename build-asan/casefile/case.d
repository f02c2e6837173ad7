build-asan/casefile/case.o: tui/casefile/case.c include/casefile/case.h \
 include/base/compiler.h include/base/error.h include/base/buffer.h \
 include/base/span.h include/base/memory.h tui/casefile/case_private.h
include/casefile/case.h:
include/base/compiler.h:
include/base/error.h:
include/base/buffer.h:
include/base/span.h:
include/base/memory.h:
tui/casefile/case_private.h:
