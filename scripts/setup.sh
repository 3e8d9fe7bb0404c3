#!/usr/bin/env bash
# Makes or updates the environment: scripts/setup.sh run|test. Called by make, which knows when it is needed.
set -eu

cd "$(dirname "$0")/.."
scope=$1
venv=.venv

python=$(bash scripts/find-python.sh)
bash scripts/system-packages.sh "$python" "$scope"

# An environment whose Python is gone or too old (the system was upgraded, the folder was moved) is made anew.
if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1 ||
    ! "$venv/bin/python" -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info < (3, 14))'; then
    "$python" -m venv --clear "$venv"
fi

# Only what the lock names is installed, and only files whose hashes it holds; Mimik itself is built with what is there.
install() {
    pip=("$venv/bin/python" -m pip --disable-pip-version-check install --quiet)
    "${pip[@]}" --require-hashes --requirement "requirements/$1.txt"
    "${pip[@]}" --no-deps --no-build-isolation --editable .
}

if [ "$scope" = test ]; then
    echo "Installing Mimik with everything to train and test it (4 GB; a few minutes the first time)"
    install test
    touch "$venv/.installed-run" "$venv/.installed-test"
else
    echo "Installing Mimik (0.7 GB; a minute or two the first time)"
    install run
    touch "$venv/.installed-run"
fi
