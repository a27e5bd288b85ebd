#!/bin/bash
# Same input, same bytes: every scenario gives the same text, JSON, trace,
# picture and exit code from two compilers, from two runs, in another
# environment, in another place and with other addresses.
#
#	tests/determinism.sh GCC_FUTEXSIM CLANG_FUTEXSIM
set -eu

gcc=$(realpath "$1")
clang=$(realpath "$2")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mapfile -t scenarios < <(find scenarios -name '*.yaml' ! -path '*/common/*' |
	LC_ALL=C sort)

# All runs use the same names, for names may be part of the output.
program=$dir/futexsim
trace=$dir/trace.jsonl
picture=$dir/picture.dot
page=$dir/page.html

# attempt COMMAND...: its output and its exit code.
attempt() {
	local status=0
	"$@" 2>&1 || status=$?
	echo "exit $status"
}

# runs SCENARIO: its runs, a line each: profile, schedule or -, NAME=VALUE...
runs() {
	"$gcc" run "$1" --format json | sed -nE '
		s/^\{"scenario": "[^"]*", "schedule": "", /&-/
		s/^\{"scenario": "[^"]*", "schedule": "([^"]*)", (-?)"profile": "([^"]*)".*"params": \{(.*)\}\}$/\3 \1\2 \4/
		s/^\{"scenario": "[^"]*", "schedule": "([^"]*)", (-?)"profile": "([^"]*)".*/\3 \1\2/
		s/"([a-z][a-z0-9_-]*)": ([^,]*),?/\1=\2/g
		p'
}

# record_run PREFIX...: trace and picture of one run.
record_run() {
	rm -f "$trace" "$picture"
	attempt "$@" --trace "$trace"
	attempt "${prefix[@]}" "$program" draw "$trace" -o "$picture"
	attempt cat "$trace" "$picture"
}

# record_views SCENARIO: the other pictures of its last run, and its page.
record_views() {
	local view form
	for view in happens-before queues lock-order; do
		attempt "${prefix[@]}" "$program" draw "$trace" --to dot \
			--view "$view"
	done
	for form in svg md mermaid perfetto shiviz; do
		attempt "${prefix[@]}" "$program" draw "$trace" --to "$form"
	done
	rm -f "$page"
	attempt "${prefix[@]}" "$program" report "$1" -o "$page"
	attempt cat "$page"
}

# record NAME PREFIX...: one file of outputs for each scenario.
record() {
	local to=$dir/$1 scenario profile schedule
	local -a prefix=("${@:2}") run
	mkdir -p "$to"
	for scenario in "${scenarios[@]}"; do
		run=("${prefix[@]}" "$program" run "$scenario")
		{
			attempt "${run[@]}" --format json
			attempt "${run[@]}" --random --seed 7
			while read -r profile schedule params; do
				[ "$schedule" != - ] || schedule=
				# shellcheck disable=SC2086
				record_run "${run[@]}" --profile "$profile" \
					${schedule:+--schedule "$schedule"} \
					${params:+-P ${params// / -P }}
			done < <(runs "$scenario")
			case $scenario in
			*/verdicts/* | */timeout/*) record_views "$scenario" ;;
			esac
		} >"$to/${scenario//\//_}.out" </dev/null
	done
}

passed=0
failed=0

# compare NAME: how the outputs in NAME differ from the first ones.
compare() {
	local scenario name
	for scenario in "${scenarios[@]}"; do
		name=${scenario//\//_}.out
		if cmp -s "$dir/first/$name" "$dir/$1/$name"; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			echo "$scenario: $1 differs:"
			diff "$dir/first/$name" "$dir/$1/$name" | head -5 || true
		fi
	done
}

in_another_place() {
	mkdir -p "$dir/place"
	cp -R scenarios "$dir/place/"
	(cd "$dir/place" && record another-place env)
	compare another-place
}

# Every scenario has given a trace and a picture, or else nothing is compared.
assert_complete() {
	local scenario name
	for scenario in "${scenarios[@]}"; do
		name=$dir/first/${scenario//\//_}.out
		if ! grep -q '^{"futexsim_trace"' "$name" ||
			! grep -q '^digraph' "$name"; then
			failed=$((failed + 1))
			echo "$scenario: no trace or no picture"
		fi
	done
}

cp "$gcc" "$program"
record first env
assert_complete
record second-run env
compare second-run
record empty-environment env -i
compare empty-environment
record other-environment env LC_ALL=tr_TR.UTF-8 LANG=de_DE \
	TZ=Asia/Kathmandu HOME=/nonexistent USER=nobody COLUMNS=20 \
	TERM=dumb MALLOC_PERTURB_=165
compare other-environment
if setarch -R true 2>/dev/null; then
	record fixed-addresses setarch -R
	compare fixed-addresses
fi
in_another_place
cp "$clang" "$program"
record clang env
compare clang

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
