#!/usr/bin/env bash
# Checks that a .NET SDK that fits global.json is there; says what to install when not.
set -euo pipefail
PATH=${PATH:+$PATH:}/usr/local/bin:/usr/share/dotnet:/usr/lib/dotnet:$HOME/.dotnet
wanted=$(sed -n 's/.*"version": *"\([0-9]*\.[0-9]*\)[^"]*".*/\1/p' "$(dirname "$0")/../../global.json" | head -1)
if ! command -v dotnet >/dev/null || ! dotnet --list-sdks | grep -q "^${wanted%.*}\."; then
  echo "edgerelease: the .NET SDK $wanted is missing: install it (dotnet.microsoft.com or your distribution's dotnet-sdk-$wanted)" >&2
  exit 1
fi
