build-asan/casefile/block.o: tui/casefile/block.c \
 include/casefile/block.h include/base/buffer.h include/base/compiler.h \
 include/base/span.h include/base/error.h include/casefile/case.h \
 include/casefile/kinds.h include/base/image.h include/base/memory.h
include/casefile/block.h:
include/base/buffer.h:
include/base/compiler.h:
include/base/span.h:
include/base/error.h:
include/casefile/case.h:
include/casefile/kinds.h:
include/base/image.h:
include/base/memory.h:
