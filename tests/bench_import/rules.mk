# `make bench-import`: rows and MB a second, with index, against sqlite3 .import of the same file.
ROWS ?= 1000000
.PHONY: bench-import
bench-import: $(PROGRAM)
	@sh tests/bench_import/import.sh $(PROGRAM) $(ROWS)
