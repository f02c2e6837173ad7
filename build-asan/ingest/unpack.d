build-asan/ingest/unpack.o: tui/ingest/unpack.c tui/ingest/unpack.h \
 include/base/buffer.h include/base/compiler.h include/base/span.h \
 include/base/error.h include/base/memory.h include/ingest/input.h \
 include/base/hash.h tui/ingest/zip.h
tui/ingest/unpack.h:
include/base/buffer.h:
include/base/compiler.h:
include/base/span.h:
include/base/error.h:
include/base/memory.h:
include/ingest/input.h:
include/base/hash.h:
tui/ingest/zip.h:
