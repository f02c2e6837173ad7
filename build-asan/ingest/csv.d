build-asan/ingest/csv.o: tui/ingest/csv.c include/ingest/csv.h \
 include/base/compiler.h include/base/error.h include/base/span.h \
 include/base/buffer.h include/base/memory.h include/ingest/input.h \
 include/base/hash.h
include/ingest/csv.h:
include/base/compiler.h:
include/base/error.h:
include/base/span.h:
include/base/buffer.h:
include/base/memory.h:
include/ingest/input.h:
include/base/hash.h:
