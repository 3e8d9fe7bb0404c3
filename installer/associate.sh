#!/usr/bin/env bash
# Puts Mimik into this user's menu and "Open with" of Linux desktops, or takes it out: associate.sh [--remove]
set -eu

folder=$(cd "$(dirname "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$data/applications/mimik.desktop
icon=$data/icons/hicolor/256x256/apps/mimik.png

if [ "${1:-}" = --remove ]; then
    rm -f "$entry" "$icon"
else
    mkdir -p "$(dirname "$entry")" "$(dirname "$icon")"
    # In a desktop entry a path stands in quotes, with a backslash before what is special there.
    program=$(printf '%s' "$folder/mimik" | sed 's/[\\"`$]/\\\\&/g; s/%/%%/g')
    while IFS= read -r line; do
        [[ $line == Exec=* ]] && line="Exec=\"$program\" %f"
        printf '%s\n' "$line"
    done <"$folder/mimik.desktop" >"$entry"
    cp "$folder/_internal/assets/icon.png" "$icon"
fi
if command -v update-desktop-database >/dev/null; then
    update-desktop-database "$data/applications"
fi
