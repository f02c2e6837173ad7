build-asan/screen/signals.o: tui/screen/signals.c tui/screen/signals.h \
 include/base/compiler.h include/base/error.h
tui/screen/signals.h:
include/base/compiler.h:
include/base/error.h:
