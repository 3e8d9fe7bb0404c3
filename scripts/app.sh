#!/usr/bin/env bash
# Builds the folder application with PyInstaller into dist/mimik, from pinned packages in an environment of its own.
set -eu

cd "$(dirname "$0")/.."
place=build/app-environment
case "$(uname -s)" in
    MINGW* | MSYS* | CYGWIN*) python=$place/Scripts/python.exe ;;
    *) python=$place/bin/python ;;
esac
"${PYTHON:-.venv/bin/python}" -m venv --clear "$place"
"$python" -m pip --disable-pip-version-check install --quiet --require-hashes --requirement requirements/freeze.txt
rm -rf build/lib build/bdist.* # what an earlier build left would get into the wheel
"$python" -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation .
# -P: what is installed is taken, not the tree that this runs in.
"$python" -P -m PyInstaller --noconfirm --log-level WARN --distpath dist --workpath build/pyinstaller installer/mimik.spec
case "$(uname -s)" in
    Linux) cp installer/mimik.desktop installer/associate.sh dist/mimik/ ;;
    MINGW* | MSYS* | CYGWIN*) cp installer/associate.cmd dist/mimik/ ;;
esac
rm -rf "$place"
du -sh dist/mimik
