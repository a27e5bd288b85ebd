#!/bin/sh
# What only a browser can tell: that Mermaid takes our diagrams, that traces
# load, that the report works.
#
#	tests/web.sh [NAME...]	the files tests/web/NAME*.mjs, or all of them
#
# Everything happens in $BUILD/web: the packages of tests/web/package-lock.json
# are put there once, and the tests are copied beside them.  Files that import
# node:test are tests, others are parts of them.  Tests get the absolute paths
# of the program, the tree and the directory as FUTEXSIM, TREE and WEB.
# Exits 7 if what the tests need is not there.
set -eu

B=${BUILD:-build}
mkdir -p "$B/web"
WEB=$(cd "$B/web" && pwd)
TREE=$(pwd)
FUTEXSIM=$(cd "$B" && pwd)/futexsim
export WEB TREE FUTEXSIM

missing() {
	echo "web: $1" >&2
	exit 7
}

for program in node npm chromium; do
	command -v "$program" >/dev/null 2>&1 ||
		missing "there is no $program; tests/deps.sh check installs it."
done
[ -x "$FUTEXSIM" ] || missing "$FUTEXSIM is not built."

rm -f "$WEB"/*.mjs
cp tests/web/*.mjs tests/web/package.json tests/web/package-lock.json \
	tests/web/.npmrc "$WEB/"
cd "$WEB"
if ! cmp -s package-lock.json installed.json; then
	rm -f installed.json
	# Nothing of these packages is run while they are installed.
	npm ci --ignore-scripts --no-progress >npm.log 2>&1 || {
		cat npm.log >&2
		missing "npm cannot install the packages of
tests/web/package-lock.json; can it reach its registry?"
	}
	cp package-lock.json installed.json
fi

files=
for name in "${@:-}"; do
	for file in "$name"*.mjs; do
		! grep -qs 'node:test' "$file" || files="$files $file"
	done
done
[ -n "$files" ] || missing "no such test."

# Node says how many passed in lines of its own; check.sh wants ours.
status=0
# shellcheck disable=SC2086
node --test --test-reporter=tap $files >tap.log 2>&1 || status=$?
sed 's/^/  /' tap.log
passed=$(sed -n 's/^# pass //p' tap.log | tail -n 1)
failed=$(sed -n 's/^# fail //p' tap.log | tail -n 1)
echo "${passed:-0} passed, ${failed:-1} failed"
exit "$status"
