build-asan/tests/unit/csv_test: tests/unit/csv_test.c tests/cmocka_all.h \
 include/base/buffer.h include/base/compiler.h include/base/span.h \
 include/ingest/csv.h include/base/error.h include/ingest/input.h \
 include/base/hash.h
tests/cmocka_all.h:
include/base/buffer.h:
include/base/compiler.h:
include/base/span.h:
include/ingest/csv.h:
include/base/error.h:
include/ingest/input.h:
include/base/hash.h:
