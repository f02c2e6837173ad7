build-asan/search/pattern.o: tui/search/pattern.c \
 tui/search/pattern_private.h include/search/pattern.h \
 include/base/buffer.h include/base/compiler.h include/base/span.h \
 include/base/error.h include/base/memory.h
tui/search/pattern_private.h:
include/search/pattern.h:
include/base/buffer.h:
include/base/compiler.h:
include/base/span.h:
include/base/error.h:
include/base/memory.h:
