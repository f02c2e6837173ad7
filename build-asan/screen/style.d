build-asan/screen/style.o: tui/screen/style.c tui/screen/style.h \
 include/view/canvas.h include/base/compiler.h include/base/span.h
tui/screen/style.h:
include/view/canvas.h:
include/base/compiler.h:
include/base/span.h:
