build-asan/screen/width.o: tui/screen/width.c tui/screen/width.h \
 include/base/text.h include/base/buffer.h include/base/compiler.h \
 include/base/span.h
tui/screen/width.h:
include/base/text.h:
include/base/buffer.h:
include/base/compiler.h:
include/base/span.h:
