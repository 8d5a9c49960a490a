#!/usr/bin/env bash
# Puts Forecourt into your own menu and makes `forecourt` a command, for you alone. With --remove it takes both away.
set -eu
cd "$(dirname "$0")/.."

here=$PWD
data=${XDG_DATA_HOME:-$HOME/.local/share}
command=$HOME/.local/bin/forecourt
entry=$data/applications/forecourt.desktop
icon=$data/icons/hicolor/scalable/apps/forecourt.svg
unit=${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user/forecourt.service

if [ "${1:-}" = --remove ]; then
    rm -f "$command" "$entry" "$icon" "$unit"
    echo "Removed. Your data and this folder stay."
    exit
fi
[ -x .venv/bin/forecourt ] || packaging/setup.sh
mkdir -p "$(dirname "$command")" "$(dirname "$entry")" "$(dirname "$icon")" "$(dirname "$unit")"
ln -sf "$here/.venv/bin/forecourt" "$command"
sed "s|^Exec=forecourt|Exec=\"$here/.venv/bin/forecourt\"|" packaging/forecourt.desktop >"$entry"
cp packaging/forecourt.svg "$icon"
cp packaging/forecourt.service "$unit"
echo "Forecourt is in your menu. To serve without a window from now on:  systemctl --user enable --now forecourt"
