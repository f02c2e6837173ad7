# `make bench-screen`: keys to frames in a pty over generated events, for each of SCREEN_ROWS; the
# data are those of bench-search, in BENCH_FOLDER. `make bench-screen SCREEN_ROWS=10000000` alone.
SCREEN_ROWS ?= 10000 1000000
BENCH_FOLDER ?= /tmp/breachx-bench

.PHONY: bench-screen
bench-screen: $(PROGRAM) $(BUILD)/tests/bench/events
	@python3 tests/bench_screen/screen.py $(abspath $(PROGRAM)) \
		$(abspath $(BUILD)/tests/bench/events) $(BENCH_FOLDER) $(SCREEN_ROWS)
