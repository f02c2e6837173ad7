build-asan/base/hash.o: tui/base/hash.c include/base/hash.h
include/base/hash.h:
