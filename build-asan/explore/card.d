build-asan/explore/card.o: tui/explore/card.c include/explore/card.h \
 include/base/buffer.h include/base/compiler.h include/base/span.h \
 include/base/error.h include/casefile/link.h include/casefile/record.h \
 include/base/moment.h include/base/zone.h include/casefile/case.h \
 include/casefile/kinds.h include/base/memory.h include/base/text.h
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
include/base/memory.h:
include/base/text.h:
