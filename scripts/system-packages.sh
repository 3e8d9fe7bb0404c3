#!/usr/bin/env bash
# Installs the Debian or Ubuntu packages that the environment, Qt and OpenCV need, and only those missing.
#
#   scripts/system-packages.sh PYTHON [test]
#
# `test` adds the virtual display and strace. Exit code 2 only where it cannot go on: PYTHON cannot make an environment.
set -eu

python=$1
scope=${2:-run}

libraries=(
    libegl1:libEGL.so.1
    libgl1:libGL.so.1
    libgles2:libGLESv2.so.2 # of use to the extra mediapipe alone, but small
    libglib2.0-0:libglib-2.0.so.0
    libdbus-1-3:libdbus-1.so.3
    libfontconfig1:libfontconfig.so.1
    libxkbcommon0:libxkbcommon.so.0
    libxkbcommon-x11-0:libxkbcommon-x11.so.0
    libxcb-cursor0:libxcb-cursor.so.0
    libxcb-icccm4:libxcb-icccm.so.4
    libxcb-image0:libxcb-image.so.0
    libxcb-keysyms1:libxcb-keysyms.so.1
    libxcb-randr0:libxcb-randr.so.0
    libxcb-render-util0:libxcb-render-util.so.0
    libxcb-shape0:libxcb-shape.so.0
    libxcb-shm0:libxcb-shm.so.0
    libxcb-sync1:libxcb-sync.so.1
    libxcb-xfixes0:libxcb-xfixes.so.0
    libxcb-xkb1:libxcb-xkb.so.1
    libx11-xcb1:libX11-xcb.so.1
)

can_make_environment() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null
}

stop_without_environment() {
    can_make_environment || {
        echo "$python cannot make an environment (its modules venv and ensurepip are missing)." >&2
        exit 2
    }
}

if [ "$(uname -s)" != Linux ]; then
    stop_without_environment
    exit 0
fi
if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    echo "System libraries are installed by themselves on Debian and Ubuntu only; \`make doctor\` says if one is missing."
    stop_without_environment
    exit 0
fi

missing=()
can_make_environment || missing+=("$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')")
# The loader's cache names every library it finds, whatever package brought it.
known=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)
for entry in "${libraries[@]}"; do
    [[ $known == *"${entry#*:} "* ]] || missing+=("${entry%%:*}")
done
dpkg-query -W -f '${db:Status-Status}' fonts-dejavu-core 2>/dev/null | grep -qx installed || missing+=(fonts-dejavu-core)
if [ "$scope" = test ]; then
    command -v xvfb-run >/dev/null || missing+=(xvfb)
    command -v xauth >/dev/null || missing+=(xauth)
    command -v strace >/dev/null || missing+=(strace)
fi
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo)
else
    as_root=(none)
fi

line="apt-get install --yes --no-install-recommends ${missing[*]}"
if [ "${as_root[*]}" != none ]; then
    echo "Installing the system packages: ${missing[*]}"
    if "${as_root[@]}" apt-get update --quiet --quiet &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive $line --quiet --quiet; then
        exit 0
    fi
    echo "They could not be installed." >&2
fi
echo "These system packages are missing; to install them, type:" >&2
echo "    sudo $line" >&2
stop_without_environment
echo "Going on without them." >&2
