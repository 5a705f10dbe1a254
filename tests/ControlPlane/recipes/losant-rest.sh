#!/usr/bin/env bash
# Losant's official JavaScript client; its package carries the API's schemas.
# usage: losant-rest.sh OUT (run by tools.sh in an empty work folder)
VERSION=2.8.1
set -euo pipefail
# shellcheck source=../lib.sh
. "${BASH_SOURCE%/*}/../lib.sh"
need npm
say "fetching losant-rest $VERSION by npm"
cache=$PWD/npm
cd "$1" # not --prefix, which would hide the machine's own npm settings
npm install --loglevel=error --no-update-notifier --no-audit --no-fund --ignore-scripts --save-exact --cache "$cache" \
  "losant-rest@$VERSION" || die "npm cannot fetch losant-rest $VERSION"
