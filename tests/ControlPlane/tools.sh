#!/usr/bin/env bash
# Finds the tools that the tests use, or makes them in the cache, and prints NAME=PATH for each.
# usage: tools.sh NAME...   NAME: etcd kube-apiserver kube-controller-manager crd-server kubectl helm promtool prometheus losant-rest
#                        kubelet kube-scheduler kube-proxy containerd userland
# env:   KUBEBUILDER_ASSETS (a folder with etcd, kube-apiserver, kubectl), EDGERELEASE_CACHE
# exit:  0; 1 with one line that names the ways out; 3 when Debian sid cannot give the CRD server (skip those tests)
set -euo pipefail
here=$(cd "${BASH_SOURCE%/*}" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"
umask 022 # what one user made, another may run
cache=${EDGERELEASE_CACHE:-${XDG_CACHE_HOME:-${HOME:?}/.cache}/edgerelease}

# obtain RECIPE FILE : prints the cache entry's folder, after filling it where it is missing.
obtain() {
  local recipe=$here/recipes/$1.sh name tmp status=0
  name=$1-$(sed -n 's/^VERSION=//p' "$recipe")-$(sha256sum <"$recipe" | cut -c1-12)
  tmp=$cache/.$name.tmp
  if [ ! -e "$cache/$name/$2" ]; then
    mkdir -p "$cache" 2>/dev/null && [ -w "$cache" ] || fail "$1" 1 "it is not in the cache, and $cache cannot be written"
    exec 9>"$cache/.$name.lock"
    flock -n 9 || { say "waiting for another run that makes $1"; flock 9; }
  fi
  if [ ! -e "$cache/$name/$2" ]; then
    mkdir -p "$tmp/work" # a run that was cut short has left its Go build cache: the only thing worth keeping
    find "$tmp" -mindepth 1 -maxdepth 2 ! -name work ! -name gocache -prune -exec rm -rf {} +
    mkdir "$tmp/out"
    (cd "$tmp/work" && exec bash "$recipe" "$tmp/out") >"$tmp/log" 2>&1 </dev/null || status=$?
    [ -e "$tmp/out/$2" ] || status=${status/#0/1}
    if [ "$status" != 0 ]; then
      rm -rf "$tmp/work" "$tmp/out"
      fail "$1" "$status" "$(grep . "$tmp/log" | tail -n 1) (log: $tmp/log)"
    fi
    rm -rf "${cache:?}/$name"
    mv -T "$tmp/out" "$cache/$name"
    rm -rf "$tmp"
    say "$1 is ready"
  fi
  echo "$cache/$name"
}

# fail RECIPE STATUS REASON : one line, with what the user can do instead.
fail() {
  local reason=${3#edgerelease: } way
  case $1 in
    crd-server) way='tests that need it are skipped' ;;
    promtool) way='run on Debian with its archive within reach' ;;
    losant-rest) way='npm and its registry must be within reach' ;;
    *)
      way='ways out: USE_EXISTING_CLUSTER=true with KUBECONFIG; KUBEBUILDER_ASSETS=folder of etcd, kube-apiserver and kubectl;'
      way+=' the build on Debian, with its archive and npm within reach'
      ;;
  esac
  [ "$1" = crd-server ] && [ "$2" = 3 ] || set -- "$1" 1
  echo "edgerelease: no $1: $reason; $way" >&2
  exit "$2"
}

[ $# -gt 0 ] || die 'usage: tools.sh NAME...'
for tool; do
  recipe=$tool file=$tool
  case $tool in
    kube-apiserver | kube-controller-manager) recipe=kube ;;
    kubelet | kube-scheduler | kube-proxy) recipe=kube-node ;;
    helm) recipe=kubectl ;;
    prometheus) recipe=promtool ;;
    losant-rest) file=node_modules ;;
    etcd | crd-server | kubectl | promtool | containerd | userland) ;;
    *) die "unknown tool $tool" ;;
  esac
  path=
  if [[ $tool =~ ^(etcd|kube) ]] && [ -x "${KUBEBUILDER_ASSETS:-/nowhere}/$tool" ]; then
    path=$KUBEBUILDER_ASSETS/$tool
  elif [[ $tool =~ ^(kubectl|helm)$ ]] && [ "${USE_EXISTING_CLUSTER:-}" = true ]; then
    path=$(command -v "$tool" || true) # who has a cluster has kubectl, and it knows how to log in there
  fi
  if [ -z "$path" ]; then
    folder=$(obtain "$recipe" "$file")
    path=$folder/${file#node_modules}
  fi
  echo "$tool=${path%/}"
done
