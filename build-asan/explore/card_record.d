build-asan/explore/card_record.o: tui/explore/card_record.c \
 include/explore/card.h include/base/buffer.h include/base/compiler.h \
 include/base/span.h include/base/error.h include/casefile/link.h \
 include/casefile/record.h include/base/moment.h include/base/zone.h \
 include/casefile/case.h include/casefile/kinds.h \
 include/explore/session.h include/base/job.h include/explore/key.h \
 include/explore/list.h include/explore/rows.h include/search/pattern.h \
 include/base/hash.h include/casefile/source.h
include/explore/card.h:
include/base/buffer.h:
include/base/compiler.h:
include/base/span.h:
include/base/error.h:
include/casefile/link.h:
include/casefile/record.h:
include/base/moment.h:
include/base/zone.h:
include/casefile/case.h:
include/casefile/kinds.h:
include/explore/session.h:
include/base/job.h:
include/explore/key.h:
include/explore/list.h:
include/explore/rows.h:
include/search/pattern.h:
include/base/hash.h:
include/casefile/source.h:
