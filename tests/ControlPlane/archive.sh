#!/usr/bin/env bash
# Packs folders into a container image, one layer each, as the archive that container tools import; the same folders make
# the same bytes.
# usage: archive.sh FILE NAME:TAG CONFIG FOLDER...    CONFIG: the image's config as JSON, as {"Entrypoint": ["/app"]}
set -euo pipefail
# shellcheck source=lib.sh
. "${BASH_SOURCE%/*}/lib.sh"
[ $# -ge 4 ] || die 'usage: archive.sh FILE NAME:TAG CONFIG FOLDER...'
need jq tar
file=$1 name=$2 config=$3
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pack() { # FOLDER FILE NAME...
  tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --format=gnu -C "$1" -cf "$2" "${@:3}"
}

mkdir "$work/image"
layers=() sums=()
for folder; do
  layer=$((${#layers[@]} + 1)).tar
  pack "$folder" "$work/image/$layer" .
  layers+=("$layer") sums+=("sha256:$(sha256sum <"$work/image/$layer" | cut -d' ' -f1)")
done
jq -cn --argjson config "$config" \
  '{architecture: "amd64", os: "linux", config: $config, rootfs: {type: "layers", diff_ids: $ARGS.positional}}' \
  --args "${sums[@]}" >"$work/image/config.json"
jq -cn --arg name "$name" '[{Config: "config.json", RepoTags: [$name], Layers: $ARGS.positional}]' \
  --args "${layers[@]}" >"$work/image/manifest.json"
pack "$work/image" "$work/archive" config.json manifest.json "${layers[@]}"
mv "$work/archive" "$file"
