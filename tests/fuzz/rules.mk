# `make fuzz-replay`: every fuzz target over its corpus, without a fuzzer; a part of `make test`.
REPLAYS := $(patsubst tests/fuzz/%_fuzz.c,$(BUILD)/tests/fuzz/%,$(sort $(wildcard tests/fuzz/*_fuzz.c)))
.PHONY: fuzz-replay
fuzz-replay: $(REPLAYS)
	@for target in $(REPLAYS); do \
		timeout 600 $$target tests/corpus/$${target##*/} >$$target.said 2>&1 </dev/null || \
			{ cat $$target.said; echo "FAILED: $$target"; exit 1; }; \
	done; \
	echo "fuzz targets: $(words $(REPLAYS)) replayed"

$(BUILD)/tests/fuzz/%: tests/fuzz/%_fuzz.c tests/fuzz/replay.c $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,ld )
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< tests/fuzz/replay.c $(ARCHIVE) $(LDLIBS)
