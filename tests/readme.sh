#!/bin/sh
# readme.sh - the sessions in README.md are what the program prints today.
#
# usage: readme.sh PROGRAM
#
# A session is a block of indented lines; one that begins with "$" is a command
# and what follows is its output.  Times and sizes that are measured may differ.
set -eu
program=$(realpath "$1")
top=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cp -r "$top/scenarios" "$scratch/scenarios"
mkdir "$scratch/build"
ln -s "$program" "$scratch/build/futexsim"

grep '^    ' "$top/README.md" | sed 's/^    //' |
	awk '/^\$ build\/futexsim/ { shows = 1 } /^[a-z].*#/ { shows = 0 } shows' \
		>"$scratch/readme"
cd "$scratch"

# Not every machine lets us use its kernel, or has one that is meant.
if ! build/futexsim host scenarios/wake/in-queue-order.yaml >host 2>&1; then
	awk '/^\$ / { hides = /futexsim host / } !hides' readme >kept
	mv kept readme
fi
grep '^\$ ' readme | sed 's/^\$ //' | while IFS= read -r command; do
	printf '$ %s\n' "$command"
	sh -c "$command" 2>/dev/null || test $? -eq 1
done | grep . >today

measured='s/[0-9.]+ s, [0-9.]+ [KM]iB/TIME, SIZE/'
sed -i -E "$measured" readme
sed -i -E "$measured" today
if ! diff -u readme today; then
	echo "README.md shows another session than the program prints" >&2
	exit 1
fi
