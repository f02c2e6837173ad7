build-asan/screen/loop.o: tui/screen/loop.c include/screen/loop.h \
 include/base/compiler.h include/base/error.h include/explore/key.h \
 include/base/span.h include/view/canvas.h
include/screen/loop.h:
include/base/compiler.h:
include/base/error.h:
include/explore/key.h:
include/base/span.h:
include/view/canvas.h:
