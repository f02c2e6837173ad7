build-asan/base/image.o: tui/base/image.c include/base/image.h \
 include/base/span.h include/base/compiler.h
include/base/image.h:
include/base/span.h:
include/base/compiler.h:
