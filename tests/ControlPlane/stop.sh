#!/usr/bin/env bash
# Stops what start.sh started in DIR, or one service of it, for outage tests; data, ports and certificates stay.
# usage: stop.sh DIR [etcd|apiserver|kcm|crd]...
# env:   STOP_DEADLINE=10  seconds from SIGTERM to SIGKILL; 0 kills at once
set -euo pipefail
# shellcheck source=lib.sh
. "$(cd "${BASH_SOURCE%/*}" && pwd)/lib.sh"
[ $# -ge 1 ] || die 'usage: stop.sh DIR [etcd|apiserver|kcm|crd]...'
[ -d "$1" ] || exit 0
dir=$(cd "$1" && pwd -P)
shift
[ $# -gt 0 ] || set -- crd kcm apiserver etcd
exec 9>"$dir/.lock"
flock 9
for name; do
  case $name in etcd | apiserver | kcm | crd) ;; *) die "unknown service $name" ;; esac
  if alive "$name"; then
    pid=$(<"$dir/$name.pid") deadline=$((SECONDS + ${STOP_DEADLINE:-10}))
    [ "${STOP_DEADLINE:-10}" = 0 ] || kill "$pid" || true
    while alive "$name"; do
      [ $SECONDS -lt $deadline ] || kill -9 "$pid" || true
      sleep 0.05
    done
  fi
  rm -f "$dir/$name.pid"
done
