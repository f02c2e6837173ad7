build-asan/ingest/zip.o: tui/ingest/zip.c tui/ingest/zip.h \
 include/base/compiler.h include/base/error.h tui/ingest/unpack.h \
 include/base/buffer.h include/base/span.h
tui/ingest/zip.h:
include/base/compiler.h:
include/base/error.h:
tui/ingest/unpack.h:
include/base/buffer.h:
include/base/span.h:
