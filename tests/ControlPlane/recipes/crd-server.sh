#!/usr/bin/env bash
# Kubernetes' apiextensions-apiserver, whose CEL rules work, from Debian sid's library packages and backports' Go 1.26.
# usage: crd-server.sh OUT (run by tools.sh in an empty work folder); exit code 3: sid does not give it any more
VERSION=1.36.4
set -euo pipefail
# shellcheck source=../lib.sh
. "${BASH_SOURCE%/*}/../lib.sh"
die() { echo "edgerelease: $*" >&2; exit 3; } # sid moves: whoever asked skips what needs this server
out=$1

packages=(
  cel-cel-go cel-expr etcd-server github-antlr4-go-antlr github-beorn7-perks github-blang-semver
  github-cenkalti-backoff-v5 github-cespare-xxhash-v2 github-coreos-go-semver github-coreos-go-systemd
  github-davecgh-go-spew github-docker-spdystream github-emicklei-go-restful github-evanphx-json-patch
  github-felixge-httpsnoop github-fsnotify-fsnotify github-fxamacker-cbor github-go-logr-logr github-go-logr-stdr
  github-go-openapi-jsonpointer github-go-openapi-jsonreference github-go-openapi-swag github-gogo-protobuf
  github-golang-protobuf-1-5 github-google-gnostic-models github-google-uuid github-gorilla-websocket
  github-grpc-ecosystem-go-grpc-middleware github-grpc-ecosystem-grpc-gateway github-json-iterator-go
  github-kylelemons-godebug github-modern-go-concurrent github-modern-go-reflect2 github-munnerz-goautoneg
  github-mxk-go-flowrate github-nytimes-gziphandler github-pkg-errors github-pmezard-go-difflib
  github-prometheus-client-golang github-prometheus-client-model github-prometheus-common github-prometheus-procfs
  github-spf13-cobra github-spf13-pflag github-x448-float16 go.uber-multierr go.uber-zap golang-x-crypto golang-x-exp
  golang-x-net golang-x-oauth2 golang-x-oauth2-google golang-x-sync golang-x-sys golang-x-term golang-x-text
  golang-x-time google-genproto google-grpc google-protobuf gopkg-inf.v0 gopkg-natefinch-lumberjack.v2 gopkg-yaml.v2
  gopkg-yaml.v3 k8s-api k8s-apiextensions-apiserver k8s-apimachinery k8s-apiserver k8s-client-go k8s-component-base
  k8s-klog k8s-kms k8s-kube-openapi k8s-sigs-apiserver-network-proxy k8s-sigs-json k8s-sigs-randfill
  k8s-sigs-structured-merge-diff-v6 k8s-sigs-yaml k8s-streaming k8s-utils opentelemetry-contrib opentelemetry-otel
  opentelemetry-proto
)

say "the CRD server $VERSION is built from Debian sid's packages, once: some 6 to 10 minutes, 2 GiB of memory"
apt_view deb sid trixie-backports
file=$(apt_in_view --print-uris download golang-k8s-apiextensions-apiserver-dev/sid | cut -d' ' -f2 || true)
[[ $file = *_"0.${VERSION#1.}"-* ]] || die "Debian sid has ${file:-no golang-k8s-apiextensions-apiserver-dev}, not 0.${VERSION#1.}"
packages=("${packages[@]/#/golang-}")
unpack_packages "$PWD/root" "${packages[@]/%/-dev/sid}" golang-1.26-{go,src}/trixie-backports

use_go "$PWD/root" 1.26
export GOPATH=$PWD/root/usr/share/gocode
cd "$GOPATH/src/k8s.io/apiextensions-apiserver"
say 'compiling the CRD server'
"$GOROOT/bin/go" build -trimpath -ldflags "-s -w -X k8s.io/component-base/version.gitVersion=v$VERSION" \
  -o "$out/crd-server" . || die "the packages of Debian sid do not build together"
