build-asan/screen/script.o: tui/screen/script.c tui/screen/script.h \
 include/base/error.h include/base/compiler.h include/base/span.h \
 include/explore/key.h include/base/memory.h include/screen/headless.h \
 include/screen/loop.h include/view/canvas.h
tui/screen/script.h:
include/base/error.h:
include/base/compiler.h:
include/base/span.h:
include/explore/key.h:
include/base/memory.h:
include/screen/headless.h:
include/screen/loop.h:
include/view/canvas.h:
