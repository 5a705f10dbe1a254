#!/usr/bin/env bash
# promtool (and a Prometheus to go with it) out of Debian bookworm's package, without installing it.
# usage: promtool.sh OUT (run by tools.sh in an empty work folder)
VERSION=2.42.0
set -euo pipefail
# shellcheck source=../lib.sh
. "${BASH_SOURCE%/*}/../lib.sh"
say "unpacking promtool $VERSION of Debian"
apt_view deb bookworm
unpack_packages "$PWD/root" prometheus
cp root/usr/bin/promtool root/usr/bin/prometheus "$1/"
