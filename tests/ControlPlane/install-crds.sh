#!/usr/bin/env bash
# Installs CRDs (YAML or JSON) into the control plane of DIR and waits until their resources are served.
# usage: install-crds.sh DIR [FILE...]    without files: waits for those that the CRD server of DIR has already
#
# Where start.sh runs a CRD server in DIR they go there, and the API server is told to pass requests on to it. Else they
# go into the API server by client-side apply without validation: 1.20 drops CEL rules, but takes the rest only that way.
set -euo pipefail
here=$(cd "${BASH_SOURCE%/*}" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"
[ $# -ge 1 ] && [ -s "$1/admin.kubeconfig" ] || die 'usage: install-crds.sh DIR [FILE...], after start.sh DIR'
dir=$(cd "$1" && pwd -P)
shift
need curl jq
tool=$("$here/tools.sh" kubectl)
kubectl() { "${tool#*=}" --kubeconfig "$dir/admin.kubeconfig" --cache-dir "$dir/kubectl-cache" "$@"; }
until_true() {
  local deadline=$((SECONDS + 60)) message=$1
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || die "$message after a minute"
    sleep 0.1
  done
}
resources() { kubectl get --raw "/apis/$1" | jq -e --arg name "$2" 'any(.resources[]; .name == $name)'; }

# All CRDs of the files, one JSON object a line.
crds=
if [ $# -gt 0 ]; then
  crds=$(kubectl create --dry-run=client --validate=false -o json "${@/#/--filename=}" |
    jq -ce 'if .kind == "List" then .items[] else . end | select(.kind == "CustomResourceDefinition")') || die "no CRD in $*"
fi

if ! alive crd; then
  kubectl apply --validate=false -f - <<<"$crds" >/dev/null
  jq -r .metadata.name <<<"$crds" | while read -r name; do
    kubectl wait --for=condition=Established --timeout=60s "crd/$name" >/dev/null
  done
else
  # curl, because kubectl's discovery fails on this server: it has no /api.
  read -r _ _ _ _ port <"$dir/ports"
  crd_server() {
    curl -s --fail-with-body -m 20 --cacert "$dir/ca.crt" --cert "$dir/admin.crt" --key "$dir/admin.key" \
      "https://127.0.0.1:$port/apis/apiextensions.k8s.io/v1/customresourcedefinitions$1" "${@:2}"
  }
  while [ -n "$crds" ] && read -r crd; do
    name=$(jq -r .metadata.name <<<"$crd")
    answer=$(crd_server "/$name?fieldManager=setup&force=true" -X PATCH -H 'Content-Type: application/apply-patch+yaml' \
      --data-binary @- <<<"$crd") || die "$name is refused: $(jq -r '.message // "no answer"' <<<"${answer:-null}")"
  done <<<"$crds"
  crds=$(crd_server '' | jq -c '.items[]')
  kubectl apply --server-side --force-conflicts -f - >/dev/null <<SERVICE
{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "crds", "namespace": "kube-system"},
 "spec": {"type": "ExternalName", "externalName": "localhost", "ports": [{"port": $port, "protocol": "TCP"}]}}
SERVICE
  jq -r '"\(.spec.versions[] | select(.served) | .name).\(.spec.group)"' <<<"$crds" | sort -u | while read -r name; do
    kubectl get apiservice "$name" >/dev/null 2>&1 || kubectl create -f - >/dev/null <<APISERVICE # 1.20 panics on a server-side apply
{"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": {"name": "$name"},
 "spec": {"group": "${name#*.}", "version": "${name%%.*}", "groupPriorityMinimum": 1000, "versionPriority": 15,
  "service": {"name": "crds", "namespace": "kube-system", "port": $port}, "caBundle": "$(base64 -w0 "$dir/ca.crt")"}}
APISERVICE
  done
fi

jq -r '"\(.spec.group)/\(.spec.versions[] | select(.served) | .name) \(.spec.names.plural)"' <<<"$crds" |
  while read -r version plural; do until_true "$plural of $version are not served" resources "$version" "$plural"; done
