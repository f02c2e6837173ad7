# `make bench-search`: the search engine and its peers over ROWS generated events, in BENCH_FOLDER.
ROWS ?= 1000000
BENCH_FOLDER ?= /tmp/breachx-bench

.PHONY: bench-search
bench-search: $(PROGRAM) $(BUILD)/tests/bench/events $(BUILD)/tests/bench/index
	@ROWS=$(ROWS) sh tests/bench/search.sh $(abspath $(PROGRAM)) \
		$(abspath $(BUILD)/tests/bench) $(BENCH_FOLDER)

$(BUILD)/tests/bench/events: tests/bench/events.c
	@mkdir -p $(@D)
	$(call say,cc )
	$(Q)$(CC) -std=c17 -D_GNU_SOURCE $(WARNINGS) -O2 -o $@ $<

$(BUILD)/tests/bench/index: tests/bench/index.c $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,ld )
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(ARCHIVE) $(LDLIBS)
