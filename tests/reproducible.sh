#!/usr/bin/env bash
# usage: reproducible.sh   builds what users run twice, in two folders, each from a clean copy of the checkout's files with
# a locked restore, and compares every byte. Prints the hashes.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/ControlPlane/lib.sh
need jq git
dir=$(mktemp -d "${TMPDIR:-/tmp}/edgerelease-reproducible.XXXXXX")
trap 'rm -rf "$dir"' EXIT
locked=()
[ "$(dotnet --version)" != "$(jq -r .sdk.version global.json)" ] || locked=(-p:RestoreLockedMode=true)
for copy in one another/deeper; do
  mkdir -p "$dir/$copy"
  git ls-files -z --cached --others --exclude-standard | tar --null --files-from=- -cf - | tar -xf - -C "$dir/$copy"
  (
    cd "$dir/$copy"
    tests/image.sh >/dev/null
    dotnet publish operator/Cli -c Release -r linux-x64 -nologo -v q "${locked[@]}" -o .artifacts >&2
    tests/sbom.sh >.artifacts/sbom.json
    cd .artifacts
    find . -type f ! -name '*.pdb' ! -name '*.xml' -exec sha256sum {} + | LC_ALL=C sort -k2 >"$dir/${copy%%/*}.sums"
  )
done
diff "$dir/one.sums" "$dir/another.sums" || die 'the two builds differ'
echo "$(wc -l <"$dir/one.sums") files are the same in both builds, among them:"
grep -E 'edgerelease-operator.tar|kubectl-edgerelease$|sbom.json' "$dir/one.sums"
