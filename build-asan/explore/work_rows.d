build-asan/explore/work_rows.o: tui/explore/work_rows.c \
 tui/explore/work.h include/explore/session.h include/base/buffer.h \
 include/base/compiler.h include/base/span.h include/base/error.h \
 include/base/job.h include/casefile/case.h include/casefile/record.h \
 include/base/moment.h include/base/zone.h include/casefile/kinds.h \
 include/explore/card.h include/casefile/link.h include/explore/key.h \
 include/explore/list.h include/explore/rows.h include/search/pattern.h \
 include/base/memory.h include/casefile/listing.h \
 include/explore/layout.h include/search/filter.h
tui/explore/work.h:
include/explore/session.h:
include/base/buffer.h:
include/base/compiler.h:
include/base/span.h:
include/base/error.h:
include/base/job.h:
include/casefile/case.h:
include/casefile/record.h:
include/base/moment.h:
include/base/zone.h:
include/casefile/kinds.h:
include/explore/card.h:
include/casefile/link.h:
include/explore/key.h:
include/explore/list.h:
include/explore/rows.h:
include/search/pattern.h:
include/base/memory.h:
include/casefile/listing.h:
include/explore/layout.h:
include/search/filter.h:
