build-asan/tests/unit/input_test: tests/unit/input_test.c \
 tests/cmocka_all.h include/base/buffer.h include/base/compiler.h \
 include/base/span.h include/base/hash.h include/ingest/input.h \
 include/base/error.h
tests/cmocka_all.h:
include/base/buffer.h:
include/base/compiler.h:
include/base/span.h:
include/base/hash.h:
include/ingest/input.h:
include/base/error.h:
