build-asan/casefile/source.o: tui/casefile/source.c \
 include/casefile/source.h include/base/buffer.h include/base/compiler.h \
 include/base/span.h include/base/error.h include/base/hash.h \
 include/casefile/case.h tui/casefile/case_private.h
include/casefile/source.h:
include/base/buffer.h:
include/base/compiler.h:
include/base/span.h:
include/base/error.h:
include/base/hash.h:
include/casefile/case.h:
tui/casefile/case_private.h:
