#!/usr/bin/env bash
# usage: run.sh   the main job: a real API server, a simulated Losant, the operator; one release to Complete, one rolled
# back. What happened is judged by the simulated Losant's own log. KEEP=1 keeps everything running. Needs `make build`.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/ControlPlane/lib.sh
need jq curl
dir=$(mktemp -d "${TMPDIR:-/tmp}/edgerelease-run.XXXXXX")
example=examples/01-quickstart/simulated

finish() {
  local status=$?
  if [ "$status" != 0 ]; then tail -n 5 "$dir"/*.err "$dir/operator.log" 2>/dev/null >&2 || true; fi
  if [ -z "${KEEP:-}" ] || [ "$status" != 0 ]; then
    for pid in "$dir"/operator.pid "$dir"/losant.pid; do
      [ ! -s "$pid" ] || { kill "$(cat "$pid")" 2>/dev/null && tail --pid="$(cat "$pid")" -f /dev/null; } || true
    done
    [ -n "${USE_EXISTING_CLUSTER:-}" ] || tests/ControlPlane/stop.sh "$dir/plane" >/dev/null 2>&1 || true
    [ "$status" != 0 ] || rm -rf "$dir"
  fi
}
trap finish EXIT

# --- a real API server
if [ "${USE_EXISTING_CLUSTER:-}" = true ]; then
  : "${KUBECONFIG:?USE_EXISTING_CLUSTER=true needs KUBECONFIG}"
else
  started=$(tests/ControlPlane/start.sh "$dir/plane")
  export KUBECONFIG=${started##*KUBECONFIG=}
fi
kubectl=$(tests/ControlPlane/tools.sh kubectl); kubectl=${kubectl#kubectl=}
k() { KUBECACHEDIR=$dir/kubecache "$kubectl" "$@"; }
tests/ControlPlane/install-crds.sh "$dir/plane" crds/*.yaml >/dev/null
k create namespace plant-a --dry-run=client -o yaml | k apply -f - >/dev/null

# --- a simulated Losant with 60 gateways, and the operator
operator/Simulation/bin/Release/net10.0/EdgeRelease.Simulation serve --devices 60 >"$dir/losant.out" 2>"$dir/losant.err" & echo $! >"$dir/losant.pid"
operator/Host/bin/Release/net10.0/edgerelease-operator --kubeconfig "$KUBECONFIG" --watch-namespace plant-a \
  --lease-namespace plant-a --losant-host 127.0.0.1 --metrics-address 127.0.0.1:0 --health-address 127.0.0.1:0 \
  >"$dir/operator.log" 2>"$dir/operator.err" & echo $! >"$dir/operator.pid"
await() { # SECONDS WHAT COMMAND... : polls until the command succeeds
  local until=$((SECONDS + $1)) what=$2; shift 2
  until "$@"; do [ "$SECONDS" -lt "$until" ] || die "waited in vain for $what; see $dir"; sleep 0.2; done
}
await 30 "the simulated Losant" test -s "$dir/losant.out"
await 30 "the operator" test -s "$dir/operator.log"
url=$(jq -r .url "$dir/losant.out"); metrics=$(head -1 "$dir/operator.log" | jq -r .metrics)
begin=$SECONDS

# --- the releases, and the table as it changes
table() {
  k get er -n plant-a -o custom-columns=NAME:.metadata.name,VERSION:.spec.version,PHASE:.status.phase,UPDATED:.status.progress,FAILED:.status.devices.failed,MESSAGE:.status.message 2>/dev/null
}
shown=
reaches() { # NAME PHASE
  local now; now=$(table)
  if [ "$now" != "$shown" ]; then shown=$now; printf '%s\n\n' "$now" | cut -c1-170; fi
  [ "$(k get er "$1" -n plant-a -o 'jsonpath={.status.phase}')" = "$2" ]
}
sed "s#\${LOSANT_URL}#$url#" "$example/application.yaml" | k apply -f - >/dev/null
k apply -f "$example/release.yaml"
await 200 "line-monitor to be Complete" reaches line-monitor Complete
k apply -f "$example/failing.yaml"
await 200 "energy-meter to be RolledBack" reaches energy-meter RolledBack

# --- judged by the simulated Losant's own log
curl -fsS "$url/_simulator/log?after=0" >"$dir/log"
truth() { jq -se "$1" "$dir/log" >/dev/null || die "the simulated Losant saw otherwise: $2; see $dir"; }
desired='map(select(.kind == "device" and .field == "desired" and (.cause | type) == "number"))'
truth "[$desired[] | select(.to == \"v1.4.0\") | .deviceId] | unique | length == 60" "60 gateways were sent to v1.4.0"
# Of the calls towards v1.4.0, those before a step's last gateway ran it never reached beyond its share.
truth 'def at($n): [.[] | select(.kind == "device" and .field == "current" and .to == "v1.4.0")][$n - 1].seq;
  . as $log | [[6, 6], [30, 30], [57, 57]] | all(. as [$share, $ran] |
    [$log[] | select(.kind == "device" and .field == "desired" and .to == "v1.4.0" and .seq < ($log | at($ran)))] | length <= $share)' \
  "a step moved more than its share"
truth "[$desired[] | select(.deviceId as \$d | true) | select(.to == \"v2.1.0\") | .deviceId] | unique | length <= 6" "more than the first step took v2.1.0"
truth "[$desired[] | select(.to == \"v2.0.0\")] | length > 0" "nothing went back"
truth '[.[] | select(.kind == "device" and (.field == "desired" or .field == "current") and (.to == "v2.1.0" or .to == "v2.0.0"))]
  | group_by(.deviceId + .field) | all(last.to == "v2.0.0")' "a gateway is not back on what it ran before"
curl -fsS "$metrics/metrics" | grep -E '^edgerelease_(rollbacks_total|device_updates_total|phase\{.*(Complete|RolledBack)"\} 1)'
echo
echo "one release Complete, one RolledBack in $((SECONDS - begin)) s; the simulated Losant's log agrees"
if [ -n "${KEEP:-}" ]; then
  printf '%s\n' "export KUBECONFIG=$KUBECONFIG" "Losant:  $url" "metrics: $metrics/metrics" "kubectl: $kubectl" \
    "stop:    kill $(cat "$dir/operator.pid") $(cat "$dir/losant.pid"); tests/ControlPlane/stop.sh $dir/plane"
fi
