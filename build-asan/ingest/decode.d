build-asan/ingest/decode.o: tui/ingest/decode.c tui/ingest/decode.h \
 include/base/buffer.h include/base/compiler.h include/base/span.h \
 include/ingest/input.h include/base/error.h include/base/hash.h \
 include/base/text.h
tui/ingest/decode.h:
include/base/buffer.h:
include/base/compiler.h:
include/base/span.h:
include/ingest/input.h:
include/base/error.h:
include/base/hash.h:
include/base/text.h:
