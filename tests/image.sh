#!/usr/bin/env bash
# usage: image.sh   publishes the operator as the Dockerfile wants it, and packs it on Debian's libraries as the archive of
# an image that is configured as the Dockerfile says: .artifacts/edgerelease-operator.tar
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/ControlPlane/lib.sh
[ "$(uname -m)" = x86_64 ] || die 'the image is built here for x86-64 only'
need jq
version=$(sed -n 's#.*<Version>\(.*\)</Version>.*#\1#p' Directory.Build.props)
root=.artifacts/image-amd64 file=.artifacts/edgerelease-operator.tar
locked=()
[ "$(dotnet --version)" != "$(jq -r .sdk.version global.json)" ] || locked=(-p:RestoreLockedMode=true)
rm -rf "$root"
dotnet publish operator/Host -c Release -r linux-x64 -nologo -v q "${locked[@]}" -o "$root/app" >&2
rm -f "$root"/app/*.{xml,pdb}
config=$(jq -cn --arg user "$(sed -n 's/^USER //p' operator/Dockerfile)" --argjson start "$(sed -n 's/^ENTRYPOINT //p' operator/Dockerfile)" \
  '{User: $user, Entrypoint: $start, Env: ["PATH=/usr/bin:/bin"]}')
userland=$(tests/ControlPlane/tools.sh userland)
userland=${userland#userland=}
tests/ControlPlane/archive.sh "$file" "edgerelease/operator:$version" "$config" "${userland%/*}/root" "$root"
ls -l "$file" >&2
echo "$file"
