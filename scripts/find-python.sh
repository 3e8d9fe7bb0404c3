#!/usr/bin/env bash
# Prints the first Python on the path that Mimik runs on (3.11 to 3.13), or says what is missing.
set -eu

# A name can be on the path and still not run (version managers leave such shims), so each is tried. Inside an active
# environment the Python it was made from is the answer: an environment cannot be remade by itself.
fitting='
import sys
if not (3, 11) <= sys.version_info < (3, 14):
    raise SystemExit(1)
print(getattr(sys, "_base_executable", sys.executable))
'
for name in "${PYTHON:-python3}" python3 python3.13 python3.12 python3.11; do
    if "$name" -c "$fitting" 2>/dev/null; then
        exit 0
    fi
done
echo "Mimik needs Python 3.11, 3.12 or 3.13 and found none; install one, or name it: make PYTHON=/path/to/python3" >&2
exit 2
