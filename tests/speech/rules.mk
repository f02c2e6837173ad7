# `make speech-score` holds proposed statements against annotated texts, SPEECH_TEXTS.
SPEECH_TEXTS ?= $(sort $(wildcard ../shared/press/*.txt))

.PHONY: speech-score
speech-score: $(BUILD)/tests/speech/dump
	@if [ -n "$(SPEECH_TEXTS)" ]; then python3 tests/speech/score.py $< $(SPEECH_TEXTS); \
	else echo "speech-score: no annotated texts (SPEECH_TEXTS=...)"; fi

$(BUILD)/tests/speech/dump: tests/speech/dump.c $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,cc )
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(ARCHIVE) $(LDLIBS)
