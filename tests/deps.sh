#!/bin/sh
# Installs the Debian packages that are missing.
#
#	tests/deps.sh run	what building and drawing need
#	tests/deps.sh check	that, and what the tests need
#
# With everything there it needs neither root nor network.  Exits 7 when it
# cannot install what is missing.
set -eu

run='gcc libc6-dev pkg-config libyaml-dev libjansson-dev libgraphviz-dev
	graphviz libxxhash-dev libmd-dev libboost-context-dev fonts-dejavu-core'
check='clang check clang-format cppcheck valgrind python3-jsonschema
	python3-yaml chromium'
# A Node from elsewhere brings its own npm.
command -v node >/dev/null 2>&1 || check="$check nodejs"
command -v npm >/dev/null 2>&1 || check="$check npm"

case "${1-}" in
run) wanted=$run ;;
check) wanted="$run $check" ;;
*)
	echo "usage: tests/deps.sh run|check" >&2
	exit 2
	;;
esac

if ! command -v dpkg-query >/dev/null 2>&1; then
	echo "deps: not a Debian system; going on with what is there." >&2
	exit 0
fi

is_installed() {
	dpkg-query -W -f '${Status}\n' "$1" 2>/dev/null |
		grep -q ' installed$'
}

list_missing() {
	for package in $wanted; do
		is_installed "$package" || printf ' %s' "$package"
	done
}

missing=$(list_missing)
[ -n "$missing" ] || exit 0

give_up() {
	echo "deps: $1  As root, install what is missing:" >&2
	echo "	apt-get install --no-install-recommends$missing" >&2
	exit 7
}

if [ "$(id -u)" = 0 ]; then
	as_root='env'
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
	as_root='sudo -n env'
else
	give_up "neither root nor sudo without a password."
fi

echo "deps: installing$missing"
export DEBIAN_FRONTEND=noninteractive
apt() {
	# shellcheck disable=SC2086
	$as_root DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@"
}
apt update || echo "deps: package lists could not be renewed; trying." >&2
# shellcheck disable=SC2086
apt install --no-install-recommends $missing || true
missing=$(list_missing)
[ -z "$missing" ] || give_up "apt-get could not install everything."
