build-asan/ingest/input.o: tui/ingest/input.c include/ingest/input.h \
 include/base/buffer.h include/base/compiler.h include/base/span.h \
 include/base/error.h include/base/hash.h include/base/memory.h \
 tui/ingest/decode.h tui/ingest/unpack.h
include/ingest/input.h:
include/base/buffer.h:
include/base/compiler.h:
include/base/span.h:
include/base/error.h:
include/base/hash.h:
include/base/memory.h:
tui/ingest/decode.h:
tui/ingest/unpack.h:
