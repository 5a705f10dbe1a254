#!/usr/bin/env bash
# containerd, runc, CNI plugins and iptables out of Debian bookworm's packages, without installing them (that would start
# a service), and the archive of the image whose process holds a pod's namespaces. x86-64 only.
# usage: containerd.sh OUT (run by tools.sh in an empty work folder)
VERSION=1.6.20
set -euo pipefail
# shellcheck source=../lib.sh
. "${BASH_SOURCE%/*}/../lib.sh"
out=$1
need gcc jq
say "unpacking containerd $VERSION of Debian"
apt_view deb bookworm
unpack_packages "$PWD/root" containerd runc containernetworking-plugins iptables conntrack libseccomp2 libip4tc2 \
  libip6tc2 libxtables12 libmnl0 libnftnl11 libnfnetlink0 libnetfilter-conntrack3
mkdir "$out/bin" "$out/lib" "$out/cni"
cp root/usr/bin/{containerd,containerd-shim-runc-v2,ctr} root/usr/sbin/{runc,conntrack,xtables-legacy-multi} "$out/bin/"
for name in ip{,6}tables{,-save,-restore}; do ln -s xtables-legacy-multi "$out/bin/$name"; done
cp -r root/usr/lib/x86_64-linux-gnu/. "$out/lib/"
cp root/usr/lib/cni/{bridge,host-local,loopback,portmap} "$out/cni/"

# It waits for ever, without any library; the kernel ends it with its container.
mkdir pause
gcc -Os -static -nostdlib -ffreestanding -fno-stack-protector -o pause/pause -x c - <<'C'
void _start(void) { for (;;) { long number = 34; __asm__ volatile("syscall" : "+a"(number) :: "rcx", "r11", "memory"); } }
C
"${BASH_SOURCE%/*}/../archive.sh" "$out/pause.tar" localhost/pause:1 '{"Entrypoint": ["/pause"]}' pause
ln -s bin/containerd "$out/containerd" # the file by which tools.sh knows that it is complete
