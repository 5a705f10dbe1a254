#!/usr/bin/env bash
# etcd out of Debian bookworm's package, without installing it (that would start a service).
# usage: etcd.sh OUT (run by tools.sh in an empty work folder)
VERSION=3.4.23
set -euo pipefail
# shellcheck source=../lib.sh
. "${BASH_SOURCE%/*}/../lib.sh"
say "unpacking etcd $VERSION of Debian"
apt_view deb bookworm
unpack_packages "$PWD/root" etcd-server
cp root/usr/bin/etcd "$1/"
