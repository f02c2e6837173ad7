build-asan/screen/terminal.o: tui/screen/terminal.c \
 include/screen/terminal.h include/base/compiler.h include/base/error.h \
 include/screen/loop.h include/explore/key.h include/base/span.h \
 include/view/canvas.h include/base/buffer.h tui/screen/input.h \
 tui/screen/paint.h tui/screen/signals.h
include/screen/terminal.h:
include/base/compiler.h:
include/base/error.h:
include/screen/loop.h:
include/explore/key.h:
include/base/span.h:
include/view/canvas.h:
include/base/buffer.h:
tui/screen/input.h:
tui/screen/paint.h:
tui/screen/signals.h:
