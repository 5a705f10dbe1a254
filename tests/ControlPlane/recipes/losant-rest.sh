#!/usr/bin/env bash
# Losant's official JavaScript client; its package carries the API's schemas.
# usage: losant-rest.sh OUT (run by tools.sh in an empty work folder)
VERSION=2.8.1
set -euo pipefail
# shellcheck source=../lib.sh
. "${BASH_SOURCE%/*}/../lib.sh"
need npm
say "fetching losant-rest $VERSION by npm"
npm install --silent --no-audit --no-fund --ignore-scripts --save-exact --cache "$PWD/npm" --prefix "$1" "losant-rest@$VERSION"
