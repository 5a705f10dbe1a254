#!/usr/bin/env bash
# What a self-contained .NET program needs below it, as the chiseled base image has it, out of Debian bookworm's packages:
# C library, OpenSSL, certificate authorities, time zones; no shell and no other program.
# usage: userland.sh OUT (run by tools.sh in an empty work folder)
VERSION=12
set -euo pipefail
# shellcheck source=../lib.sh
. "${BASH_SOURCE%/*}/../lib.sh"
root=$1/root
say "unpacking what a container image needs of Debian"
apt_view deb bookworm
unpack_packages "$PWD/all" libc6 libgcc-s1 libstdc++6 zlib1g libssl3 ca-certificates tzdata
libraries=usr/lib/x86_64-linux-gnu
mkdir -p "$root/$libraries" "$root/lib64" "$root/etc/ssl/certs" "$root/usr/lib/ssl" "$root/usr/share"
mkdir -p "$root/tmp" "$root/home/nonroot"
chmod 1777 "$root/tmp"
for folder in lib/x86_64-linux-gnu "$libraries"; do
  find "all/$folder" -maxdepth 1 \( -type f -o -type l \) -name '*.so*' -exec cp -P {} "$root/$libraries/" \;
done
ln -s "usr/lib" "$root/lib"
ln -s "/$libraries/ld-linux-x86-64.so.2" "$root/lib64/ld-linux-x86-64.so.2"
find all/usr/share/ca-certificates -name '*.crt' -print0 | LC_ALL=C sort -z | xargs -0 cat >"$root/etc/ssl/certs/ca-certificates.crt"
ln -s /etc/ssl/certs "$root/usr/lib/ssl/certs"
ln -s /etc/ssl/certs/ca-certificates.crt "$root/usr/lib/ssl/cert.pem"
cp -r all/usr/share/zoneinfo "$root/usr/share/"
echo 'root:x:0:0:root:/:/usr/sbin/nologin
nonroot:x:65532:65532:nonroot:/home/nonroot:/usr/sbin/nologin' >"$root/etc/passwd"
echo 'root:x:0:
nonroot:x:65532:' >"$root/etc/group"
touch "$1/userland" # the file by which tools.sh knows that it is complete
