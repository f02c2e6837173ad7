# `make cli-test`: every NAME.sh here against its NAME.expect (UPDATE=1 writes it anew), and the CSV
# scanner against Python's.
.PHONY: cli-test
cli-test: all $(BUILD)/tests/cli/csv_dump
	@BREACHX=$(PROGRAM) EXAMPLE=$(EXAMPLE) CSV_DUMP=$(BUILD)/tests/cli/csv_dump sh tests/cli/run.sh

$(BUILD)/tests/cli/csv_dump: tests/cli/csv_dump.c $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,cc )
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(ARCHIVE) $(LDLIBS)
