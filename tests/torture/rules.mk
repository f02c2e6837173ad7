# `make torture`: kill -9, Ctrl-C and a full disk in the midst of what writes. POINTS kills of an
# import and a fifth of that of the rest, at moments chosen by SEED; then as many allocations of
# each command that fail, and a fifth as many reads, writes, syncs and names of files; then trees
# whose entries are out of order.
POINTS ?= 200
SEED   ?=
NO_MEMORY := $(BUILD)/tests/torture/no_memory.so
FAIL_CALL := $(BUILD)/tests/torture/fail_call.so
.PHONY: torture torture-quick
torture: $(PROGRAM) $(EXAMPLE) $(NO_MEMORY) $(FAIL_CALL)
	@python3 tests/torture/kill_import.py $(PROGRAM) $(POINTS) $(SEED)
	@python3 tests/torture/no_memory.py $(PROGRAM) $(EXAMPLE) $(NO_MEMORY) $(POINTS) $(SEED)
	@python3 tests/torture/fail_call.py $(PROGRAM) $(FAIL_CALL) $$(($(POINTS) / 5)) $(SEED)
	@python3 tests/torture/out_of_order.py $(PROGRAM)

# Short and always the same points, for make test and before a change is landed.
torture-quick: $(PROGRAM) $(EXAMPLE) $(NO_MEMORY) $(FAIL_CALL)
	@python3 tests/torture/kill_import.py $(PROGRAM) 25 7 </dev/null
	@python3 tests/torture/no_memory.py $(PROGRAM) $(EXAMPLE) $(NO_MEMORY) 10 7 </dev/null
	@python3 tests/torture/fail_call.py $(PROGRAM) $(FAIL_CALL) 2 7 </dev/null
	@python3 tests/torture/out_of_order.py $(PROGRAM) 1 </dev/null

$(BUILD)/tests/torture/%.so: tests/torture/%.c
	@mkdir -p $(@D)
	$(call say,cc )
	$(Q)$(CC) -std=c17 -D_GNU_SOURCE $(WARNINGS) -O1 -fPIC -shared -o $@ $<

# Sixteen that read beside one that writes, for SECONDS.
.PHONY: load
load: $(PROGRAM)
	@python3 tests/torture/load.py $(PROGRAM) $(SECONDS) </dev/null

# CASES case files, altered as SEED says, under sanitizers; bad ones are kept in $(BUILD)/mutated.
CASES ?= 10000
MUTATE := $(BUILD)/tests/torture/mutate
.PHONY: mutate mutate-here mutate-quick
mutate:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)-asan SANITIZE=address,undefined \
		OPTIMISE='-O1 -g' mutate-here

mutate-here: $(PROGRAM) $(EXAMPLE) $(MUTATE)
	@python3 tests/torture/mutate.py $(PROGRAM) $(EXAMPLE) $(MUTATE) $(BUILD)/mutated \
		$(CASES) $(SEED) </dev/null

# Always the same and few, under `make asan`.
mutate-quick: $(PROGRAM) $(EXAMPLE) $(MUTATE)
	@python3 tests/torture/mutate.py $(PROGRAM) $(EXAMPLE) $(MUTATE) $(BUILD)/mutated 150 7 </dev/null

MUTATE_SOURCES := $(addprefix tests/torture/,mutate.c mutation.c image.c)
$(MUTATE): $(MUTATE_SOURCES) $(wildcard tests/torture/*.h) $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,ld )
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $(MUTATE_SOURCES) $(ARCHIVE) $(LDLIBS)
