#!/usr/bin/env bash
# Pins what Mimik is installed with, with hashes, for Linux, macOS, Windows and Python 3.11 to 3.13, into requirements/.
# scripts/lock.sh keeps the versions that are pinned already; scripts/lock.sh --upgrade takes the newest ones.
set -eu

cd "$(dirname "$0")/.."
uv=(.venv/bin/python -m uv)
"${uv[@]}" --version >/dev/null 2>&1 || .venv/bin/python -m pip install --quiet "uv>=0.9"

build=$(.venv/bin/python -c 'import tomllib
print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")')

# lock NAME OPTION...
lock() {
    echo "$build" | "${uv[@]}" pip compile --quiet pyproject.toml - --universal --python-version 3.11 --generate-hashes \
        --no-header --no-emit-index-url --no-emit-find-links --output-file "requirements/$1.txt" "${@:2}"
}

lock test --extra training --extra dev --extra freeze "$@"
# The others are parts of it, in the same versions.
lock run --constraint requirements/test.txt --upgrade
lock freeze --extra freeze --constraint requirements/test.txt --upgrade
