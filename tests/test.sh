#!/usr/bin/env bash
# usage: test.sh PROJECT...   runs the built test programs one after the other; fails on a failure, or when none ran.
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/ControlPlane/lib.sh
need jq
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
status=0
for project; do
  program=tests/$project/bin/Release/net10.0/EdgeRelease.Tests.$project
  echo "== $project"
  "$program" --report-ctrf --report-ctrf-filename "$project.json" --results-directory "$results" --no-progress --no-ansi || status=1
  [ -s "$results/$project.json" ] || { echo "$project left no report" >&2; status=1; }
done
sum() { cat "$results"/*.json 2>/dev/null | jq -s "[.[].results.summary.$1] | add // 0"; }
passed=$(sum passed) failed=$(sum failed) skipped=$(( $(sum skipped) + $(sum pending) + $(sum other) ))
[ "$passed" -gt 0 ] || status=1
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
echo "$passed passed, $failed failed, $skipped skipped"
exit $status
