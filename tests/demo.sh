#!/bin/sh
# One race from YAML to picture: a timeout swallows the only wake-up.
set -eu

futexsim=${BUILD:-build}/futexsim
dir=${BUILD:-build}/demo
out=$dir/timeout-swallows-wake

mkdir -p "$dir"
"$futexsim" run scenarios/timeout/swallows-wake.yaml \
	--profile starry-0.5.11 --trace "$out.jsonl"
"$futexsim" draw "$out.jsonl" -o "$out.svg"
"$futexsim" draw "$out.jsonl" -o "$out.png"

echo
echo "trace    $out.jsonl"
echo "picture  $out.svg"
echo "picture  $out.png"
