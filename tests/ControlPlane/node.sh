# shellcheck shell=bash
# The node of start.sh, which sources this: scheduler, kube-proxy, containerd and kubelet, each with the administrator's
# kubeconfig. All that they write is below DIR/node, which start.sh's caller has mounted.

find_tools kubelet kube-scheduler kube-proxy containerd
parts=${tool[containerd]%/*}
node=$dir/node socket=$dir/node/containerd.sock
mkdir -p "$node/cni" "$node/state"
export PATH=$parts/bin:$PATH
with_libraries=(env "LD_LIBRARY_PATH=$parts/lib" "XTABLES_LIBDIR=$parts/lib/xtables")

cat >"$node/cni/10-bridge.conflist" <<CNI
{"cniVersion": "0.4.0", "name": "pods", "plugins": [
  {"type": "bridge", "bridge": "${BRIDGE:?}", "isDefaultGateway": true, "ipMasq": false, "hairpinMode": true,
   "ipam": {"type": "host-local", "dataDir": "$node/ipam",
    "ranges": [[{"subnet": "${NODE%.*}.0/24", "rangeStart": "${NODE%.*}.10", "gateway": "$NODE"}]]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
CNI
cat >"$node/containerd.toml" <<TOML
version = 2
root = "$node/root"
state = "$node/state"
[grpc]
  address = "$socket"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  disable_tcp_service = true
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$parts/cni"
    conf_dir = "$node/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
TOML
cat >"$node/kubelet.yaml" <<KUBELET
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 127.0.0.1
healthzBindAddress: 127.0.0.1
authentication: {anonymous: {enabled: false}, webhook: {enabled: false}, x509: {clientCAFile: $dir/ca.crt}}
authorization: {mode: AlwaysAllow}
tlsCertFile: $dir/apiserver.crt
tlsPrivateKeyFile: $dir/apiserver.key
cgroupDriver: cgroupfs
cgroupRoot: ${CGROUP:?}
failSwapOn: false
maxOpenFiles: 20000
volumePluginDir: $node/plugins
enforceNodeAllocatable: [pods]
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: "50Mi", nodefs.available: "1%", imagefs.available: "1%"}
KUBELET

umask 022 # what containerd makes is the root of containers, and their users are not root
run scheduler http://127.0.0.1:10251/healthz "${tool[kube-scheduler]}" --kubeconfig=admin.kubeconfig --leader-elect=false \
  --address=127.0.0.1
run proxy http://127.0.0.1:10256/healthz "${with_libraries[@]}" "${tool[kube-proxy]}" --kubeconfig=admin.kubeconfig \
  --hostname-override=node --healthz-bind-address=127.0.0.1:10256 --proxy-mode=iptables --masquerade-all=true \
  --conntrack-max-per-core=0 --conntrack-tcp-timeout-established=0s --conntrack-tcp-timeout-close-wait=0s
run containerd "" "${with_libraries[@]}" "${tool[containerd]}" --config="$node/containerd.toml"
until "$parts/bin/ctr" --address "$socket" version >/dev/null 2>&1; do
  alive containerd || die "containerd ended: $(tail -n 1 containerd.log)"
  sleep 0.05
done
for image in "$parts/pause.tar" ${IMAGES:-}; do
  "$parts/bin/ctr" --address "$socket" --namespace k8s.io images import "$image" >/dev/null
done
run kubelet http://127.0.0.1:10248/healthz "${with_libraries[@]}" "${tool[kubelet]}" --config="$node/kubelet.yaml" \
  --kubeconfig=admin.kubeconfig --root-dir="$node/kubelet" --node-ip="$NODE" --hostname-override=node \
  --container-runtime=remote --container-runtime-endpoint="unix://$socket"
