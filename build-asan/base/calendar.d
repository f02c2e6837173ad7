build-asan/base/calendar.o: tui/base/calendar.c tui/base/calendar.h
tui/base/calendar.h:
