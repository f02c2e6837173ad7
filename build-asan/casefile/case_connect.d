build-asan/casefile/case_connect.o: tui/casefile/case_connect.c \
 tui/casefile/case_private.h include/casefile/case.h \
 include/base/compiler.h include/base/error.h include/base/buffer.h \
 include/base/span.h
tui/casefile/case_private.h:
include/casefile/case.h:
include/base/compiler.h:
include/base/error.h:
include/base/buffer.h:
include/base/span.h:
