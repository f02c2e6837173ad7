# Breach Explorer. `make run` opens the bundled case, `make test` proves the tree.
# Every .c below tui/ is part of the program; every tests/unit/*.c is a cmocka program of its own.

CC      ?= cc
BUILD   ?= build
PREFIX  ?= /usr/local
VERSION := 0.1.0

STORIES := base casefile search ingest claims report explore view screen cli
LIBRARIES := ncursesw sqlite3 libpcre2-8 nettle yajl libzstd zlib minizip libutf8proc

CPPFLAGS := -Iinclude -I$(BUILD)/generated -D_GNU_SOURCE -D_FORTIFY_SOURCE=3 \
	-DBREACHX_VERSION='"$(VERSION)"'
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wimplicit-fallthrough -Wswitch-enum -Werror
HARDEN   := -fstack-protector-strong -fstack-clash-protection -fPIE -fno-strict-overflow \
	-fno-delete-null-pointer-checks -ftrivial-auto-var-init=pattern
OPTIMISE ?= -O2 -g
CFLAGS   := -std=c17 -pthread $(WARNINGS) $(HARDEN) $(OPTIMISE) -ffile-prefix-map=$(CURDIR)=.
LDFLAGS  := -pie -pthread -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed
ifeq ($(shell uname -m),x86_64)
CFLAGS += -fcf-protection=full
endif

# `make SANITIZE=address,undefined BUILD=build-asan ...` is what `make asan` does.
ifdef SANITIZE
CPPFLAGS := $(filter-out -D_FORTIFY_SOURCE=3,$(CPPFLAGS))
CFLAGS   += -fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=all
LDFLAGS  += -fsanitize=$(SANITIZE)
endif

SOURCES  := $(foreach story,$(STORIES),$(sort $(wildcard tui/$(story)/*.c)))
OBJECTS  := $(SOURCES:tui/%.c=$(BUILD)/%.o)
ARCHIVE  := $(BUILD)/libbreachx.a
PROGRAM  := $(BUILD)/breachx
EXAMPLE  := $(BUILD)/mitsubishi-electric-2020.breach
UNITS    := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(sort $(wildcard tests/unit/*.c)))
LDLIBS   = $(shell pkg-config --libs $(LIBRARIES)) -lm

# As many compilers as there are cores, unless -j says otherwise; a make within make inherits it.
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2)
endif

.DEFAULT_GOAL := all
.PHONY: all run test deps install uninstall layers lint format asan tsan valgrind bench fuzz clean

include $(wildcard tests/*/rules.mk)

all: $(PROGRAM) $(EXAMPLE)

# `make V=1` shows whole commands.
Q := $(if $(V),,@)
say = $(if $(V),,@echo "  $(1) $@")

# Packages, installed when allowed to; see tools/deps.sh. A second make does not ask again.
deps:
	@sh tools/deps.sh

$(BUILD)/deps.stamp: tools/deps.sh
	@sh tools/deps.sh
	@mkdir -p $(@D) && touch $@

$(BUILD)/generated/queries.h $(BUILD)/generated/queries.c &: data/queries.sql tools/queries.awk
	@mkdir -p $(@D)
	$(Q)awk -v header=$(BUILD)/generated/queries.h -v source=$(BUILD)/generated/queries.c \
		-f tools/queries.awk data/queries.sql

# data/schema.sql is `schema_sql`, the frozen data/schema-N.sql is `schema_sql_N`.
$(BUILD)/generated/schema.c: $(wildcard data/schema*.sql) tools/embed.awk
	@mkdir -p $(@D)
	$(Q)awk -v name=schema_sql -f tools/embed.awk data/schema.sql > $@
	$(Q)for file in data/schema-*.sql; do \
		number=$${file#data/schema-}; \
		awk -v name=schema_sql_$${number%.sql} -f tools/embed.awk $$file >> $@ || exit 1; \
	done

GENERATED := $(BUILD)/generated/queries.o $(BUILD)/generated/schema.o

$(BUILD)/generated/%.o: $(BUILD)/generated/%.c | $(BUILD)/deps.stamp
	$(call say,cc )
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -Wno-overlength-strings -c -o $@ $<

$(BUILD)/%.o: tui/%.c Makefile | $(BUILD)/deps.stamp $(BUILD)/generated/queries.h
	@mkdir -p $(@D)
	$(call say,cc )
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(ARCHIVE): $(OBJECTS) $(GENERATED)
	@rm -f $@
	$(call say,ar )
	$(Q)ar qcs $@ $^

$(PROGRAM): $(BUILD)/main.o $(ARCHIVE)
	$(call say,ld )
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(ARCHIVE) $(LDLIBS)

$(BUILD)/tests/unit/%: tests/unit/%.c $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,ld )
	$(Q)$(CC) $(CPPFLAGS) -Itests $(CFLAGS) -MMD -MP $(LDFLAGS) -o $@ $< $(ARCHIVE) -lcmocka $(LDLIBS)

# The bundled case is made by the program's own import, at fixed times, so that a rebuild is
# byte-identical.
$(EXAMPLE): $(PROGRAM) tools/example.sh $(wildcard data/case/*)
	$(call say,case)
	$(Q)sh tools/example.sh $(PROGRAM) data/case $@

run: all
	$(PROGRAM) @example

# Everything that proves the tree, in an order: what is quick to fail comes first.
test: all
	@$(MAKE) --no-print-directory layers
	@$(MAKE) --no-print-directory unit
	@$(MAKE) --no-print-directory fuzz-replay
	@$(MAKE) --no-print-directory screen-test
	@$(MAKE) --no-print-directory cli-test
	@$(MAKE) --no-print-directory terminal-test
	@$(MAKE) --no-print-directory torture-quick
	@$(MAKE) --no-print-directory asan
	@echo "make test: everything passed"

.PHONY: unit screen-test screen-update
unit: $(UNITS) all
	@sh tests/run-unit.sh $(UNITS)

# Key scripts through the headless end, compared with golden frames.
screen-test: all
	@sh tests/screen/run.sh $(PROGRAM) $(EXAMPLE)

# Writes the frames anew; read the difference before it is committed.
screen-update: all
	@UPDATE=1 sh tests/screen/run.sh $(PROGRAM) $(EXAMPLE)

layers:
	@sh tests/lint/layers.sh

lint: layers
	@sh tests/lint/lint.sh

# The same tests under sanitizers. The bundled case is made by the sanitized program, too. Two
# scripts are left out that hold counts of samples against Python's: `provenance` reads the same files.
asan:
	@ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1 \
		WITHOUT='samples nothing_lost' \
		$(MAKE) --no-print-directory BUILD=$(BUILD)-asan SANITIZE=address,undefined \
		OPTIMISE='-O1 -g' unit fuzz-replay screen-test cli-test mutate-quick

tsan:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)-tsan SANITIZE=thread OPTIMISE='-O1 -g' \
		unit screen-test

valgrind: $(UNITS) all
	@sh tests/run-valgrind.sh $(PROGRAM) $(EXAMPLE) $(UNITS)

# Each fuzz target for SECONDS, from its corpus; findings and executions are printed.
SECONDS ?= 60
fuzz:
	@sh tests/fuzz/run.sh $(BUILD)-fuzz $(SECONDS)

# All figures, one bench after the other: two at once would measure each other. See docs/MEASURED.md.
bench: all
	@$(MAKE) --no-print-directory bench-import
	@$(MAKE) --no-print-directory bench-screen
	@$(MAKE) --no-print-directory bench-search

# The README's picture, drawn by the program itself.
.PHONY: picture
picture: all
	$(PROGRAM) --script tools/board.keys --size 110x32 @example | tools/frame-svg.py > docs/board.svg

DESTDIR ?=
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/breachx
	install -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/breachx
	install -m 644 $(EXAMPLE) $(DESTDIR)$(PREFIX)/share/breachx/

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/breachx
	rm -rf $(DESTDIR)$(PREFIX)/share/breachx

format:
	clang-format -i $(shell git ls-files '*.c' '*.h')

clean:
	rm -rf $(BUILD) $(BUILD)-*

-include $(OBJECTS:.o=.d) $(BUILD)/main.d $(UNITS:=.d)
