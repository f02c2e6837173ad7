# `make torture`: kill -9, Ctrl-C and a full disk in the midst of what writes. POINTS kills of an
# import and a fifth of that of the rest, at moments chosen by SEED.
POINTS ?= 200
SEED   ?=
.PHONY: torture torture-quick
torture: $(PROGRAM)
	@python3 tests/torture/kill_import.py $(PROGRAM) $(POINTS) $(SEED)

# Short and always the same points, for make test and before a change is landed.
torture-quick: $(PROGRAM)
	@python3 tests/torture/kill_import.py $(PROGRAM) 25 7
