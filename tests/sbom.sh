#!/usr/bin/env bash
# usage: sbom.sh   prints what the operator's image has of others, from the lock file, as CycloneDX 1.5; the same checkout
# makes the same text. Packages that only check or link the sources are not in the image, and not in here.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/ControlPlane/lib.sh
need jq
version=$(sed -n 's#.*<Version>\(.*\)</Version>.*#\1#p' Directory.Build.props)
runtime=$(dotnet msbuild operator/Host -getProperty:BundledNETCoreAppPackageVersion)
private=$(sed -n 's/.*PackageReference Include="\([^"]*\)" PrivateAssets="all".*/\1/p' Directory.Build.props)
jq --arg version "$version" --arg runtime "$runtime" --arg private "$private" '
  def component($name; $version; $more): {type: "library", name: $name, version: $version,
    "bom-ref": "pkg:nuget/\($name)@\($version)", purl: "pkg:nuget/\($name)@\($version)"} + $more;
  ($private | split("\n") + ["Microsoft.NET.ILLink.Tasks"]) as $notShipped |
  [.dependencies[] | to_entries[] | select(.value.type != "Project") | select(.key | IN($notShipped[]) | not)
    | component(.key; .value.resolved; {properties: [{name: "nuget:contentHash", value: .value.contentHash}]})]
    + [("Microsoft.NETCore.App", "Microsoft.AspNetCore.App") as $name | component("\($name).Runtime.linux-x64"; $runtime; {})]
  | unique_by(.purl)
  | {bomFormat: "CycloneDX", specVersion: "1.5", version: 1,
     metadata: {component: {type: "application", name: "edgerelease-operator", version: $version, "bom-ref": "edgerelease-operator"}},
     components: ., dependencies: [{ref: "edgerelease-operator", dependsOn: map(.purl)}]}' operator/Host/packages.lock.json
