build-asan/search/smart_case.o: tui/search/smart_case.c \
 tui/search/pattern_private.h include/search/pattern.h \
 include/base/buffer.h include/base/compiler.h include/base/span.h \
 include/base/error.h
tui/search/pattern_private.h:
include/search/pattern.h:
include/base/buffer.h:
include/base/compiler.h:
include/base/span.h:
include/base/error.h:
