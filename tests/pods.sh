#!/usr/bin/env bash
# usage: pods.sh   the operator's image on a real node: helm installs two replicas, a release completes, the leader's pod is
# killed and the other goes on, helm uninstalls and leaves the CRDs. Prints what it saw; exit code 3, with the reason, where
# pods cannot run. Everything is in namespaces of its own: when the script ends, so does whatever it started. Needs
# `make build`, root, and Linux on x86-64.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/ControlPlane/lib.sh
skip() { echo "pods cannot run here: $*" >&2; exit 3; }
address=10.89.0.1 bridge=edgerelease0

# --- outside: what needs the network, and the namespaces
if [ "${1:-}" != inside ]; then
  [ "$(id -u)" = 0 ] || skip 'only root may run a kubelet'
  [ "$(uname -sm)" = 'Linux x86_64' ] || skip 'the node is built for Linux on x86-64'
  grep -q overlay /proc/filesystems || skip 'the kernel has no overlayfs'
  [ -d /sys/fs/cgroup/memory ] || skip 'the kubelet of 1.20 needs cgroups of version 1'
  need ip:iproute2 jq curl openssl unshare:util-linux
  unshare --net --mount --pid --fork true 2>/dev/null || skip 'namespaces cannot be made'
  tests/ControlPlane/tools.sh etcd kube-apiserver kube-controller-manager kubelet kube-scheduler kube-proxy containerd \
    kubectl helm >/dev/null
  image=$(tests/image.sh)
  for layer in 1 2; do tar -xOf "$image" $layer.tar | tar -t; done >.artifacts/image.list
  ! grep -E '/(sh|bash|dash|busybox|apt|dpkg)$' .artifacts/image.list || die 'the image has a shell'
  grep -qx ./usr/share/zoneinfo/Europe/Berlin .artifacts/image.list || die 'the image has no time zones'
  dir=$(mktemp -d "${TMPDIR:-/tmp}/edgerelease-pods.XXXXXX") cgroup=/edgerelease-$$
  end() {
    find /sys/fs/cgroup/*"$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null || true
    rm -rf "$dir"
  }
  trap end EXIT
  for controller in /sys/fs/cgroup/*/; do
    mkdir "$controller$cgroup" 2>/dev/null || continue
    for file in cpuset.cpus cpuset.mems; do
      [ ! -e "$controller$file" ] || cat "$controller$file" >"$controller$cgroup/$file"
    done
  done
  unshare --net --mount --pid --fork --kill-child --mount-proc bash "$0" inside "$dir" "$PWD/$image" "$cgroup"
  exit
fi

# --- inside: a bridge, and nothing of the machine that could be written to
dir=$2 image=$3 cgroup=$4 begin=$SECONDS
ip link set lo up
ip link add "$bridge" type bridge
ip address add "$address/24" dev "$bridge"
ip link set "$bridge" up
echo 1 >/proc/sys/net/ipv4/ip_forward
plane=$dir/plane
mkdir -p "$plane/node"
mount -t tmpfs tmpfs "$plane/node"
mkdir "$plane/node"/{upper,work,kernel}
mount -t overlay overlay -o "lowerdir=/var,upperdir=$plane/node/upper,workdir=$plane/node/work" /var
mount -t tmpfs tmpfs /run
for setting in vm/overcommit_memory kernel/panic kernel/panic_on_oops; do # the kubelet sets them for the whole machine
  cat "/proc/sys/$setting" >"$plane/node/kernel/${setting#*/}"
  mount --bind "$plane/node/kernel/${setting#*/}" "/proc/sys/$setting"
done

losant() { curl -fsS --cacert "$dir/tls.crt" "$url/_simulator/log?after=0"; }
await() { # SECONDS WHAT COMMAND... : polls until the command succeeds
  local until=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [ "$SECONDS" -lt "$until" ] || die "waited in vain for $what: $(k get er,pods,events -A 2>&1 | tail -n 25)"
    sleep 0.3
  done
}
truth() { losant | jq -se "$1" >/dev/null || die "the simulated Losant saw otherwise: $2"; }
told() { echo "$((SECONDS - begin)) s: $*"; }

NODE=$address BRIDGE=$bridge CGROUP=$cgroup IMAGES=$image tests/ControlPlane/start.sh "$plane" >/dev/null
export KUBECONFIG=$plane/admin.kubeconfig KUBECACHEDIR=$dir/cache HELM_CACHE_HOME=$dir/helm
while IFS='=' read -r name path; do declare "$name=$path"; done < <(tests/ControlPlane/tools.sh kubectl helm)
k() { "$kubectl" "$@"; }
await 60 'the node' k wait --for=condition=Ready node/node --timeout=1s >/dev/null 2>&1
told 'a node is ready'

# --- a simulated Losant, with a certificate that only its LosantApplication trusts
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout "$dir/tls.key" -out "$dir/tls.crt" \
  -subj /CN=losant -addext "subjectAltName=IP:$address" 2>/dev/null
operator/Simulation/bin/Release/net10.0/EdgeRelease.Simulation serve --address "$address" --certificate "$dir" --devices 20 \
  >"$dir/losant.out" 2>"$dir/losant.err" &
await 30 'the simulated Losant' test -s "$dir/losant.out"
url=$(jq -r .url "$dir/losant.out")

# --- helm install, and a release
old=(--disable-openapi-validation --server-side=false) # this API server is older than 1.25
"$helm" install edgerelease charts/edgerelease --namespace edgerelease --create-namespace "${old[@]}" \
  --set "losantHosts={$address}" --wait --timeout 60s >/dev/null || die "helm: $(k get pods,events -n edgerelease)"
[ "$(k get pods -n edgerelease -o json | jq '[.items[] | select(.status.containerStatuses[0].ready)] | length')" = 2 ] ||
  die "two replicas are not ready"
told 'helm has installed two replicas'
leader() { k get lease edgerelease -n edgerelease -o 'jsonpath={.spec.holderIdentity}' | cut -d_ -f1; }
leads() { [ -n "$(leader)" ]; }
await 60 'a leader' leads
first=$(leader)

k create namespace plant-a >/dev/null
k create secret generic losant -n plant-a --from-literal=token="$(jq -r .token "$dir/losant.out")" \
  --from-file=ca.crt="$dir/tls.crt" >/dev/null
k apply -n plant-a --validate=false -f - >/dev/null <<YAML
apiVersion: edgerelease.dev/v1alpha1
kind: LosantApplication
metadata: {name: plant-a}
spec:
  applicationId: $(jq -r .applicationId "$dir/losant.out")
  apiUrl: $url
  tokenSecretRef: {name: losant, key: token}
  caSecretRef: {name: losant, key: ca.crt}
  api: {requestsPerSecond: 50, pollActive: 1s, pollIdle: 2s}
  schedule: {windows: [{from: "00:00", to: "12:00", timeZone: Asia/Kolkata}, {from: "12:00", to: "00:00", timeZone: Asia/Kolkata}]}
YAML
release() {
  k apply -n plant-a --validate=false -f - >/dev/null <<YAML
apiVersion: edgerelease.dev/v1alpha1
kind: EdgeRelease
metadata: {name: line-monitor}
spec:
  flow: line-monitor
  version: $1
  deviceTags: {line: packaging}
  rolloutPercentage: 100
  limits: {maxUnavailable: 100%}
  health: {confirm: 0s, retryGrace: 1s}
YAML
}
reaches() { [ "$(k get er line-monitor -n plant-a -o 'jsonpath={.status.phase} {.spec.version} {.status.revision}')" = "$*" ]; }
release v1.4.0
await 90 'v1.4.0 to be Complete' reaches Complete v1.4.0 1
truth '[.[] | select(.kind == "device" and .field == "desired" and .to == "v1.4.0") | .deviceId] | unique | length == 20' \
  '20 gateways were sent to v1.4.0'
told "a release is Complete, by $first"

# --- the leader's pod is killed, and the other goes on
k delete pod "$first" -n edgerelease --grace-period=0 --force >/dev/null 2>&1
release v1.5.0
await 120 'v1.5.0 to be RolledBack' reaches RolledBack v1.5.0 2
second=$(leader)
[ -n "$second" ] && [ "$second" != "$first" ] || die "nobody took over from $first"
truth '[.[] | select(.kind == "device" and (.field == "desired" or .field == "current"))] | any(.to == "v1.5.0") and
  (group_by(.deviceId + .field) | all(last.to != "v1.5.0"))' 'a gateway runs what was rolled back'
told "another release is RolledBack, by $second"

# --- helm uninstall
"$helm" uninstall edgerelease --namespace edgerelease --wait --timeout 60s >/dev/null
[ "$(k get crd -o name | grep -c edgerelease.dev)" = 3 ] || die 'helm took a CRD with it'
reaches RolledBack v1.5.0 2 || die 'helm took a release with it'
[ "$(k get deployment,clusterrole -A -l app.kubernetes.io/instance=edgerelease -o name)" = '' ] || die 'helm left something'
told 'helm has uninstalled it; CRDs and releases are there'
