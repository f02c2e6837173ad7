# `make differential`: the long run of tests/unit/differential_test.c, from another seed each time.
DIFFERENTIAL_PATTERNS ?= 20000

.PHONY: differential
differential: $(BUILD)/tests/unit/differential_test
	@seed=$${DIFFERENTIAL_SEED:-$$(date +%s)}; echo "differential: seed $$seed"; \
	DIFFERENTIAL_SEED=$$seed DIFFERENTIAL_PATTERNS=$(DIFFERENTIAL_PATTERNS) $<
