#!/bin/sh
# gallery.sh - the pictures that the documents show, from shipped scenarios.
#
# usage: gallery.sh [--check]
#
# Makes each picture of viz/gallery: as DOT, which is the same on all machines
# and by which it is seen whether one is stale, and as PNG, whose bytes depend on
# the fonts that are there: a sum of both says that they belong together.
# Pictures that were stale are made anew and named, and the exit code is 1; with
# --check nothing is written.  So it is with a picture that no document shows, or
# one that is shown and not made here.
set -eu
cd "$(dirname "$0")/.."

futexsim=${BUILD:-build}/futexsim
gallery=viz/gallery
sums=$gallery/SHA256SUMS
documents='README.md scenarios/README.md viz/README.md'
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
is_check=${1-}
made=0
stale=0

# run NAME SCENARIO PROFILE [OPTION...]: a trace
run() {
	trace=$scratch/$1.jsonl
	scenario=scenarios/$2
	profile=$3
	shift 3
	"$futexsim" run "$scenario" --profile "$profile" --trace "$trace" \
		"$@" >/dev/null || test $? = 1
}

# search NAME SCENARIO PROFILE: a record
search() {
	"$futexsim" explore "scenarios/$2" --profile "$3" --quiet \
		--schedules none --record "$scratch/$1.jsonl" >/dev/null ||
		test $? = 1
}

# to FILE COMMAND...: a command that ends in -o; traces may differ
to() {
	file=$1
	shift
	"$@" "$file" >/dev/null || test $? = 1
}

# belong NAME: are its DOT and PNG those that were made together?
belong() {
	[ -s "$gallery/$1.png" ] &&
		grep -E "  $1\.(dot|png)\$" "$sums" >"$scratch/pair" 2>/dev/null &&
		(cd "$gallery" && sha256sum --status --check "$scratch/pair")
}

# keep NAME COMMAND...: a command that ends in -o, as DOT and as PNG
keep() {
	name=$1
	shift
	made=$((made + 1))
	to "$scratch/$name.dot" "$@"
	cmp -s "$scratch/$name.dot" "$gallery/$name.dot" && belong "$name" &&
		return
	stale=$((stale + 1))
	echo "$gallery/$name.png was stale"
	[ -z "$is_check" ] || return 0
	to "$scratch/$name.png" "$@"
	cp "$scratch/$name.dot" "$scratch/$name.png" "$gallery/"
	(cd "$gallery" && LC_ALL=C sha256sum -- *.dot *.png) >"$scratch/sums"
	cp "$scratch/sums" "$sums"
}

# picture NAME VIEW FROM: a view of a trace or record
picture() {
	keep "$1" "$futexsim" draw "$scratch/$3.jsonl" --view "$2" -o
}

mkdir -p "$gallery"

run swallows timeout/swallows-wake.yaml starry-0.5.11
picture timeout-swallows-wake sequence swallows
picture timeout-swallows-wake-order happens-before swallows

search searched timeout/swallows-wake-searched.yaml starry-0.5.11
picture swallows-wake-searched exploration searched
picture swallows-wake-outcomes outcomes searched

run moved requeue/wakes-then-moves.yaml linux
picture requeue-moves queues moved

run circle verdicts/lock-order.yaml starry-0.5.11
picture lock-order lock-order circle

run mended timeout/swallows-wake.yaml starry-0.5.11 --without \
	timeout-swallows-wake
keep swallows-wake-mended "$futexsim" diff "$scratch/swallows.jsonl" \
	"$scratch/mended.jsonl" -o

run race verdicts/data-race.yaml starry-0.5.11
picture data-race happens-before race
run stuck verdicts/deadlock-on-a-mutex.yaml starry-0.5.11
picture deadlock sequence stuck
run born process/fork-in-the-middle.yaml starry-0.5.11
picture fork sequence born

# What is shown, and what is there.
for path in $documents; do
	grep -o '!\[[^]]*\]([^)]*\.png)' "$path" | sed 's/.*(\(.*\))/\1/' |
		sed "s,.*gallery/,$gallery/,"
done | sort -u >"$scratch/shown"
ls "$gallery"/*.png "$gallery"/*.dot 2>/dev/null | sed 's/\.dot$/.png/' |
	sort -u >"$scratch/there"
if ! diff "$scratch/shown" "$scratch/there" >"$scratch/odd"; then
	sed -n 's/^</shown, not made: /p; s/^>/not shown: /p' "$scratch/odd"
	stale=$((stale + 1))
fi
if [ "$stale" -gt "$made" ]; then
	made=$stale
fi
echo "$((made - stale)) passed, $stale failed"
[ "$stale" = 0 ]
