build-asan/view/canvas.o: tui/view/canvas.c include/view/canvas.h \
 include/base/compiler.h include/base/span.h include/base/memory.h \
 include/base/text.h include/base/buffer.h
include/view/canvas.h:
include/base/compiler.h:
include/base/span.h:
include/base/memory.h:
include/base/text.h:
include/base/buffer.h:
