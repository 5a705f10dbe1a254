#!/usr/bin/env bash
# Prints install.yaml: a namespace, and in it the chart with its defaults, for those who do not use helm.
set -euo pipefail
cd "${BASH_SOURCE%/*}/.."
helm=$(tests/ControlPlane/tools.sh helm)
cat <<'YAML'
# Rendered from charts/edgerelease by `make chart`.
apiVersion: v1
kind: Namespace
metadata:
  name: edgerelease
  labels:
    pod-security.kubernetes.io/enforce: restricted
YAML
"${helm#helm=}" template edgerelease charts/edgerelease --namespace edgerelease --kube-version 1.25.0 --skip-tests
