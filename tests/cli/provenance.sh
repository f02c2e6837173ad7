# Every record of other people's files leads back to its bytes.
if [ -d ../shared/samples ]; then
	python3 tests/cli/provenance.py "$BREACHX" ../shared/samples "$TEST_FOLDER"
else
	echo "cli: provenance skipped: ../shared/samples is absent" >&3
	echo "nothing is altered"
	echo "records that do not stand where they say: 0"
fi
