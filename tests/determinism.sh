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
mapfile -t scenarios < <(find scenarios -name '*.yaml' | LC_ALL=C sort)

# All runs use the same names, for names may be part of the output.
program=$dir/futexsim
trace=$dir/trace.jsonl
picture=$dir/picture.dot

# attempt COMMAND...: its output and its exit code.
attempt() {
	local status=0
	"$@" 2>&1 || status=$?
	echo "exit $status"
}

# record NAME PREFIX...: one file of outputs for each scenario.
record() {
	local to=$dir/$1 scenario
	shift
	mkdir -p "$to"
	for scenario in "${scenarios[@]}"; do
		rm -f "$trace" "$picture"
		{
			attempt "$@" "$program" run "$scenario" --trace "$trace"
			attempt "$@" "$program" run "$scenario" --format json
			attempt "$@" "$program" run "$scenario" --random \
				--seed 7
			attempt "$@" "$program" draw "$trace" -o "$picture"
			attempt cat "$trace" "$picture"
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

cp "$gcc" "$program"
record first env
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
