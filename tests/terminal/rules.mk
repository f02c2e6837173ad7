# Programs in a pty of their own, read back by libvterm. `make terminal-test`.

TERMINAL_TESTS := $(patsubst tests/terminal/%.c,$(BUILD)/tests/terminal/%,$(sort \
	$(wildcard tests/terminal/*_test.c)))
TERMINAL_HARNESS := $(BUILD)/tests/terminal/pty.o
TERMINAL_DEMO := $(BUILD)/tests/terminal/demo

$(TERMINAL_HARNESS): tests/terminal/pty.c tests/terminal/pty.h | $(BUILD)/deps.stamp
	@mkdir -p $(@D)
	$(call say,cc )
	$(Q)$(CC) $(CPPFLAGS) -Itests $(CFLAGS) $(shell pkg-config --cflags vterm) -c -o $@ $<

$(TERMINAL_DEMO): tests/terminal/demo.c $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,cc )
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(ARCHIVE) $(LDLIBS)

$(TERMINAL_TESTS): $(BUILD)/tests/terminal/%: tests/terminal/%.c $(TERMINAL_HARNESS) $(ARCHIVE) \
		$(wildcard tests/terminal/*.h)
	$(call say,cc )
	$(Q)$(CC) $(CPPFLAGS) -Itests $(CFLAGS) $(LDFLAGS) -o $@ $< $(TERMINAL_HARNESS) $(ARCHIVE) \
		-lcmocka $(shell pkg-config --libs vterm) -lutil $(LDLIBS)

terminal-test: all $(TERMINAL_TESTS) $(TERMINAL_DEMO)
	@BUILD=$(BUILD) sh tests/run-unit.sh $(TERMINAL_TESTS)
