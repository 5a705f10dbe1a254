#!/usr/bin/env bash
# Starts etcd and kube-apiserver on loopback in DIR, or only what of them is down, always on the same ports.
# usage: start.sh DIR    writes DIR/admin.kubeconfig and prints KUBECONFIG=PATH; stop with stop.sh DIR
# env:   WITH_KCM=1         also kube-controller-manager: namespaces end, owner references are collected
#        WITH_CRD_SERVER=1  also a CRD server whose CEL rules work, unless the API server's do (1.25 and newer);
#                           prints CRD_SERVER=URL; exit code 3 when Debian sid does not give it
#        POLICY_KUBECONFIG=FILE  lets the CRD server evaluate ValidatingAdmissionPolicies, which it reads by this file: an API
#                           server that needs a CRD server has none
#        NODE=ADDRESS       also controllers, scheduler, kube-proxy and a kubelet on containerd: pods run. Only as root, with
#                           namespaces of its own as tests/pods.sh makes them; the address is that of its bridge
#        CRDS="FILE..."     CRDs to install, YAML or JSON
#        API_SERVER_ARGS    more arguments for kube-apiserver, such as an audit log
#        USE_EXISTING_CLUSTER=true with KUBECONFIG: starts nothing, DIR/admin.kubeconfig is a copy of its current context
set -euo pipefail
here=$(cd "${BASH_SOURCE%/*}" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"
[ $# = 1 ] || die 'usage: start.sh DIR'
mkdir -p "$1"
dir=$(cd "$1" && pwd -P)
crds=()
for file in ${CRDS:-}; do [ -r "$file" ] || die "cannot read $file"; crds+=("$(readlink -f "$file")"); done
cd "$dir"
umask 077
exec 9>.lock
flock 9

if [ "${USE_EXISTING_CLUSTER:-}" = true ]; then
  [ -n "${KUBECONFIG:-}" ] || die 'USE_EXISTING_CLUSTER=true needs KUBECONFIG'
  kubectl=$("$here/tools.sh" kubectl)
  "${kubectl#*=}" config view --raw --flatten --minify >admin.kubeconfig || die "KUBECONFIG has no current context"
  "${kubectl#*=}" --kubeconfig admin.kubeconfig get --raw /readyz >/dev/null || die 'the cluster of KUBECONFIG is not ready'
  [ ${#crds[@]} = 0 ] || "$here/install-crds.sh" "$dir" "${crds[@]}"
  echo "KUBECONFIG=$dir/admin.kubeconfig"
  exit
fi

need curl openssl
declare -A tool
find_tools() {
  local found
  found=$("$here/tools.sh" "$@")
  while IFS='=' read -r name path; do tool[$name]=$path; done <<<"$found"
}
find_tools etcd kube-apiserver
minor=$("${tool[kube-apiserver]}" --version | sed -E 's/^[^.]*\.([0-9]+).*/\1/')
[ "${WITH_KCM:-}${NODE:-}" = '' ] || find_tools kube-controller-manager
own_cel=1
[ "$minor" -ge 25 ] || [ "${WITH_CRD_SERVER:-}" != 1 ] || { own_cel= && find_tools crd-server; }

# Ports below the kernel's ephemeral range: nobody's outgoing connection takes one while its server is down.
if [ ! -s ports ]; then
  for _ in 1 2 3 4 5; do
    while port=$((20000 + RANDOM % 10000)) && { : >"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null; do :; done
    echo "$port"
  done | paste -sd' ' >ports
fi
read -r api_port etcd_port peer_port kcm_port crd_port <ports
api=https://127.0.0.1:$api_port etcd=http://127.0.0.1:$etcd_port peer=http://127.0.0.1:$peer_port

new_key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
issue() { # NAME SUBJECT EXTENSIONS
  [ ! -s "$1.crt" ] || return 0
  openssl req "${new_key[@]}" -keyout "$1.key" -out "$1.csr" -subj "$2" 2>/dev/null
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -extfile <(echo "$3") -out "$1.crt" 2>/dev/null
}
[ -s ca.crt ] || openssl req -x509 "${new_key[@]}" -days 3650 -keyout ca.key -out ca.crt -subj /CN=edgerelease-test-ca \
  -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
issue apiserver /CN=kube-apiserver $'extendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost,IP:127.0.0.1,IP:10.0.0.1'"${NODE:+,IP:$NODE}"
issue crd /CN=crds $'extendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost,DNS:crds.kube-system.svc,IP:127.0.0.1'
issue admin /O=system:masters/CN=admin extendedKeyUsage=clientAuth
issue front-proxy /CN=front-proxy extendedKeyUsage=clientAuth
[ -s sa.pub ] || { openssl genrsa -out sa.key 2048 && openssl rsa -in sa.key -pubout -out sa.pub; } 2>/dev/null
cat >admin.kubeconfig.new <<KUBECONFIG
apiVersion: v1
kind: Config
clusters: [{name: test, cluster: {server: "$api", certificate-authority-data: $(base64 -w0 ca.crt)}}]
users: [{name: admin, user: {client-certificate-data: $(base64 -w0 admin.crt), client-key-data: $(base64 -w0 admin.key)}}]
contexts: [{name: test, context: {cluster: test, user: admin}}]
current-context: test
KUBECONFIG
mv admin.kubeconfig.new admin.kubeconfig

# run NAME READY_URL PROGRAM ARGUMENT... : starts it where it is down, detached from the caller, and waits until it is ready,
# where it has a URL that tells.
run() {
  local name=$1 url=$2 deadline=$((SECONDS + 120))
  shift 2
  alive "$name" || {
    (
      for fd in "/proc/$BASHPID/fd/"*; do # a caller may read from any of its pipes until all writers are gone
        fd=${fd##*/}
        [ "$fd" -le 2 ] || [ "$fd" = 255 ] || eval "exec $fd>&-"
      done
      exec setsid "$@" </dev/null >>"$name.log" 2>&1
    ) &
    echo $! >"$name.pid"
  }
  until [ -z "$url" ] || curl -fsm 2 --cacert ca.crt --cert admin.crt --key admin.key "$url" >/dev/null 2>&1; do
    alive "$name" || die "$name ended: $(tail -n 1 "$name.log") (log: $dir/$name.log)"
    [ $SECONDS -lt $deadline ] || die "$name is not ready after two minutes (log: $dir/$name.log)"
    sleep 0.05
  done
}

run etcd "$etcd/health" "${tool[etcd]}" --name=default --data-dir=etcd --unsafe-no-fsync \
  --listen-client-urls="$etcd" --advertise-client-urls="$etcd" \
  --listen-peer-urls="$peer" --initial-advertise-peer-urls="$peer" --initial-cluster="default=$peer"

# Without a controller-manager nobody makes service accounts, so their admission is off; without a node nobody asks for
# the server but by loopback.
where=(--bind-address=127.0.0.1 --advertise-address=127.0.0.1 --endpoint-reconciler-type=none --disable-admission-plugins=ServiceAccount)
[ -z "${NODE:-}" ] || where=(--bind-address=0.0.0.0 --advertise-address="$NODE")
# shellcheck disable=SC2086 # the arguments are words
run apiserver "$api/readyz" "${tool[kube-apiserver]}" --etcd-servers="$etcd" --secure-port="$api_port" \
  "${where[@]}" \
  --tls-cert-file=apiserver.crt --tls-private-key-file=apiserver.key --client-ca-file=ca.crt \
  --service-account-issuer="$api" --service-account-key-file=sa.pub --service-account-signing-key-file=sa.key \
  --authorization-mode=RBAC --allow-privileged=true --service-cluster-ip-range=10.0.0.0/24 \
  --requestheader-client-ca-file=ca.crt --requestheader-allowed-names=front-proxy \
  --requestheader-username-headers=X-Remote-User --requestheader-group-headers=X-Remote-Group \
  --requestheader-extra-headers-prefix=X-Remote-Extra- \
  --proxy-client-cert-file=front-proxy.crt --proxy-client-key-file=front-proxy.key ${API_SERVER_ARGS:-}

if [ "${WITH_KCM:-}${NODE:-}" != '' ]; then
  controllers=namespace,garbagecollector,serviceaccount,serviceaccount-token,root-ca-cert-publisher,clusterrole-aggregation
  insecure_port=()
  "${tool[kube-controller-manager]}" --version | grep -qvE 'v1\.2[0-3]\.' || insecure_port=(--port=0)
  run kcm "https://127.0.0.1:$kcm_port/healthz" "${tool[kube-controller-manager]}" --kubeconfig=admin.kubeconfig \
    --bind-address=127.0.0.1 --secure-port="$kcm_port" "${insecure_port[@]}" --leader-elect=false \
    --tls-cert-file=apiserver.crt --tls-private-key-file=apiserver.key \
    --controllers="${NODE:+*,}$controllers" \
    --service-account-private-key-file=sa.key --root-ca-file=ca.crt
fi

# shellcheck source=node.sh
if [ -n "${NODE:-}" ]; then . "$here/node.sh"; fi

if [ -z "$own_cel" ]; then
  off=MutatingAdmissionPolicy
  [ -n "${POLICY_KUBECONFIG:-}" ] || off+=,ValidatingAdmissionPolicy
  run crd "https://127.0.0.1:$crd_port/readyz" "${tool[crd-server]}" --etcd-servers="$etcd" --etcd-prefix=/registry/crd-server \
    --bind-address=127.0.0.1 --secure-port="$crd_port" --tls-cert-file=crd.crt --tls-private-key-file=crd.key \
    --client-ca-file=ca.crt --kubeconfig="${POLICY_KUBECONFIG:-admin.kubeconfig}" --authentication-kubeconfig=admin.kubeconfig \
    --authorization-kubeconfig=admin.kubeconfig --enable-priority-and-fairness=false \
    --disable-admission-plugins="$off"
  echo "CRD_SERVER=https://127.0.0.1:$crd_port"
fi
if [ ${#crds[@]} -gt 0 ] || [ -z "$own_cel" ]; then "$here/install-crds.sh" "$dir" "${crds[@]}"; fi
echo "KUBECONFIG=$dir/admin.kubeconfig"
