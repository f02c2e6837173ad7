# The contract that scripts rely on, held by Python.
python3 "$PWD/tests/cli/contract.py" "$BREACHX" "$EXAMPLE" "$TEST_FOLDER" 2>&1 | tail -40
