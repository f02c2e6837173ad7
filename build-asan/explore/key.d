build-asan/explore/key.o: tui/explore/key.c include/explore/key.h \
 include/base/compiler.h include/base/span.h include/base/text.h \
 include/base/buffer.h
include/explore/key.h:
include/base/compiler.h:
include/base/span.h:
include/base/text.h:
include/base/buffer.h:
