build-asan/screen/input.o: tui/screen/input.c tui/screen/input.h \
 include/base/compiler.h include/explore/key.h include/base/span.h \
 include/base/text.h include/base/buffer.h
tui/screen/input.h:
include/base/compiler.h:
include/explore/key.h:
include/base/span.h:
include/base/text.h:
include/base/buffer.h:
