"""System requirements of the window."""

QT_PACKAGES = (
    "libegl1 libgl1 libgles2 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0 "
    "libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-shm0 "
    "libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 libx11-xcb1 fonts-dejavu-core"
)
"""Packages of Debian and Ubuntu; those that scripts/system-packages.sh installs."""
