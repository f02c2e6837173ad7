# `make torture`: kill -9, Ctrl-C and a full disk in the midst of what writes. POINTS kills of an
# import and a fifth of that of the rest, at moments chosen by SEED; then as many allocations of
# each command that fail; then trees whose entries are out of order.
POINTS ?= 200
SEED   ?=
NO_MEMORY := $(BUILD)/tests/torture/no_memory.so
.PHONY: torture torture-quick
torture: $(PROGRAM) $(EXAMPLE) $(NO_MEMORY)
	@python3 tests/torture/kill_import.py $(PROGRAM) $(POINTS) $(SEED)
	@python3 tests/torture/no_memory.py $(PROGRAM) $(EXAMPLE) $(NO_MEMORY) $(POINTS) $(SEED)
	@python3 tests/torture/out_of_order.py $(PROGRAM)

# Short and always the same points, for make test and before a change is landed.
torture-quick: $(PROGRAM) $(EXAMPLE) $(NO_MEMORY)
	@python3 tests/torture/kill_import.py $(PROGRAM) 25 7 </dev/null
	@python3 tests/torture/no_memory.py $(PROGRAM) $(EXAMPLE) $(NO_MEMORY) 10 7 </dev/null
	@python3 tests/torture/out_of_order.py $(PROGRAM) 1 </dev/null

$(NO_MEMORY): tests/torture/no_memory.c
	@mkdir -p $(@D)
	$(call say,cc )
	$(Q)$(CC) -std=c17 -D_GNU_SOURCE $(WARNINGS) -O1 -fPIC -shared -o $@ $<
