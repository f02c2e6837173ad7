build-asan/explore/list.o: tui/explore/list.c include/explore/list.h \
 include/base/compiler.h include/base/error.h include/base/span.h \
 include/casefile/record.h include/base/buffer.h include/base/moment.h \
 include/base/zone.h include/casefile/case.h include/casefile/kinds.h \
 include/explore/rows.h include/search/pattern.h include/base/memory.h
include/explore/list.h:
include/base/compiler.h:
include/base/error.h:
include/base/span.h:
include/casefile/record.h:
include/base/buffer.h:
include/base/moment.h:
include/base/zone.h:
include/casefile/case.h:
include/casefile/kinds.h:
include/explore/rows.h:
include/search/pattern.h:
include/base/memory.h:
