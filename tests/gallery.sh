#!/bin/sh
# gallery.sh - the pictures that the documents show, from shipped scenarios.
set -eu

futexsim=${BUILD:-build}/futexsim
gallery=viz/gallery
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# picture NAME SCENARIO PROFILE
picture() {
	"$futexsim" run "scenarios/$2" --profile "$3" \
		--trace "$scratch/$1.jsonl" >/dev/null
	"$futexsim" draw "$scratch/$1.jsonl" -o "$gallery/$1.png"
	echo "$gallery/$1.png"
}

mkdir -p "$gallery"
picture timeout-swallows-wake timeout/swallows-wake.yaml starry-0.5.11
