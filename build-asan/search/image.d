build-asan/search/image.o: tui/search/image.c include/base/image.h \
 include/base/span.h include/base/compiler.h include/search/pattern.h \
 include/base/buffer.h include/base/error.h
include/base/image.h:
include/base/span.h:
include/base/compiler.h:
include/search/pattern.h:
include/base/buffer.h:
include/base/error.h:
