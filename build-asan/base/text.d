build-asan/base/text.o: tui/base/text.c include/base/text.h \
 include/base/buffer.h include/base/compiler.h include/base/span.h
include/base/text.h:
include/base/buffer.h:
include/base/compiler.h:
include/base/span.h:
