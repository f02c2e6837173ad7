build-asan/screen/paint.o: tui/screen/paint.c tui/screen/paint.h \
 include/base/buffer.h include/base/compiler.h include/base/span.h \
 include/base/error.h tui/screen/input.h include/explore/key.h \
 include/view/canvas.h include/base/text.h tui/screen/style.h \
 tui/screen/width.h
tui/screen/paint.h:
include/base/buffer.h:
include/base/compiler.h:
include/base/span.h:
include/base/error.h:
tui/screen/input.h:
include/explore/key.h:
include/view/canvas.h:
include/base/text.h:
tui/screen/style.h:
tui/screen/width.h:
