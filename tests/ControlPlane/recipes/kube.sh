#!/usr/bin/env bash
# kube-apiserver and kube-controller-manager from Debian bookworm's source package, built with its Go 1.19.
# usage: kube.sh OUT [COMPONENT...] (run by tools.sh in an empty work folder)
VERSION=1.20.2
set -euo pipefail
# shellcheck source=../lib.sh
. "${BASH_SOURCE%/*}/../lib.sh"
out=$1
shift
[ $# -gt 0 ] || set -- kube-apiserver kube-controller-manager
need dpkg-source:dpkg-dev xz:xz-utils

say "$1 $VERSION is built from Debian's source, once: some 6 to 10 minutes, 1.5 GiB of memory"
apt_view deb bookworm
unpack_packages "$PWD/root" golang-1.19-go golang-1.19-src golang-github-modern-go-reflect2-dev
apt_view deb-src bookworm
apt_in_view source --download-only kubernetes || die 'Debian does not give the source package kubernetes'
mkdir -p gopath/src/k8s.io
dpkg-source --no-check -x kubernetes_*.dsc gopath/src/k8s.io/kubernetes # apt has checked the hashes

use_go "$PWD/root" 1.19
export GOPATH=$PWD/gopath
work=$PWD
cd gopath/src/k8s.io/kubernetes

# Go 1.18 and newer need reflect2 1.0.2: the vendored 1.0.1 crashes the server in map iteration.
rm -rf vendor/github.com/modern-go/reflect2
cp -r "$work/root/usr/share/gocode/src/github.com/modern-go/reflect2" vendor/github.com/modern-go/

# The one generated file that the source package lacks.
say 'generating the OpenAPI definitions'
"$GOROOT/bin/go" build -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
inputs=$(grep -rl --include='*.go' --exclude='zz_generated*' '+k8s:openapi-gen=' cmd pkg plugin staging/src/k8s.io |
  sed -E 's#^staging/src/#vendor/#' | grep -vE '^vendor/k8s.io/(code-generator|sample-apiserver)/' |
  xargs -n1 dirname | LC_ALL=C sort -u | sed 's#^#k8s.io/kubernetes/#' | paste -sd,)
PATH=$GOROOT/bin:$PATH "$work/openapi-gen" --logtostderr -i "$inputs" -p k8s.io/kubernetes/pkg/generated/openapi \
  -O zz_generated.openapi -h vendor/k8s.io/code-generator/hack/boilerplate.go.txt -r "$work/violations.report"

ldflags='-s -w'
for package in client-go/pkg component-base; do
  for setting in gitVersion=v$VERSION gitMajor=1 gitMinor=20; do
    ldflags+=" -X k8s.io/kubernetes/vendor/k8s.io/$package/version.$setting"
  done
done
for component; do
  say "compiling $component"
  "$GOROOT/bin/go" build -trimpath -ldflags "$ldflags" -o "$out/$component" "./cmd/$component"
done
