build-asan/screen/headless.o: tui/screen/headless.c \
 include/screen/headless.h include/base/compiler.h include/base/error.h \
 include/base/span.h include/screen/loop.h include/explore/key.h \
 include/view/canvas.h include/base/buffer.h include/base/text.h \
 tui/screen/script.h
include/screen/headless.h:
include/base/compiler.h:
include/base/error.h:
include/base/span.h:
include/screen/loop.h:
include/explore/key.h:
include/view/canvas.h:
include/base/buffer.h:
include/base/text.h:
tui/screen/script.h:
