#!/bin/sh
# readme.sh - the session in README.md is what the program prints today.
#
# usage: readme.sh PROGRAM
set -eu
program=$(realpath "$1")
top=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The lines between the two commands, without their indent.
sed -n '/^    \$ build\/futexsim run/,/^    \$ build\/futexsim draw/p' \
	"$top/README.md" | sed -e '1d' -e '$d' -e 's/^    //' \
	>"$scratch/readme"

cp -r "$top/scenarios" "$scratch/scenarios"
mkdir "$scratch/build"
ln -s "$program" "$scratch/build/futexsim"
(cd "$scratch" && build/futexsim run scenarios/timeout/swallows-wake.yaml \
	--profile starry-0.5.11 --trace race.jsonl) >"$scratch/today"

if ! diff -u "$scratch/readme" "$scratch/today"; then
	echo "README.md shows another session than the program prints" >&2
	exit 1
fi
