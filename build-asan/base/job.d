build-asan/base/job.o: tui/base/job.c include/base/job.h \
 include/base/compiler.h include/base/error.h include/base/memory.h
include/base/job.h:
include/base/compiler.h:
include/base/error.h:
include/base/memory.h:
