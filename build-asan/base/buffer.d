build-asan/base/buffer.o: tui/base/buffer.c include/base/buffer.h \
 include/base/compiler.h include/base/span.h include/base/memory.h
include/base/buffer.h:
include/base/compiler.h:
include/base/span.h:
include/base/memory.h:
