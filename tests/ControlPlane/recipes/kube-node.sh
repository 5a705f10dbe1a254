#!/usr/bin/env bash
# kubelet, kube-scheduler and kube-proxy from the same source as kube-apiserver, for the tests in which pods run.
# usage: kube-node.sh OUT (run by tools.sh in an empty work folder)
VERSION=1.20.2
set -euo pipefail
exec bash "${BASH_SOURCE%/*}/kube.sh" "$1" kubelet kube-scheduler kube-proxy
