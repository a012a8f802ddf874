#!/usr/bin/env bash
# The browser tests drive the system's Chromium: find it, or get it where that needs no question.
set -euo pipefail

for name in chromium chromium-browser google-chrome google-chrome-stable; do
  command -v "$name" >/dev/null && exit 0
done

if [[ $EUID -eq 0 && -f /etc/debian_version ]] && command -v apt-get >/dev/null; then
  echo "Chromium is missing; installing it …"
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y -q --no-install-recommends chromium </dev/null \
    || { apt-get update -q </dev/null && apt-get install -y -q --no-install-recommends chromium </dev/null; }
  command -v chromium >/dev/null && exit 0
fi

echo "The tests need Chromium: install it (Debian: sudo apt install chromium;" \
  "Fedora: sudo dnf install chromium) and try again." >&2
exit 1
