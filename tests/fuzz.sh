#!/bin/sh
# fuzz.sh - any bytes in place of a scenario, a trace or the record of a search.
#
# usage: fuzz.sh BUILD [SECONDS]
#
# Runs every target for so many seconds (default 20), from all scenarios that
# ship, the files of the tests, and traces and records made of some.  A crash, a hang
# or too much memory is a failure; the input stays in BUILD/fuzz/.
set -eu
build=$(realpath "$1")
seconds=${2:-20}
work=$build/fuzz
mkdir -p "$work/scenario" "$work/trace" "$work/record"

failed=0
for target in scenario trace record; do
	seeds=$work/$target-seeds
	rm -rf "$seeds"
	mkdir -p "$seeds"
	n=0
	for file in scenarios/*/*.yaml tests/good/*.yaml tests/bad/*.yaml; do
		n=$((n + 1))
		if [ $target = scenario ]; then
			cp "$file" "$seeds/$n"
		elif [ $target = record ]; then
			[ $((n % 9)) != 0 ] ||
				"$build/futexsim" explore --quiet --record - \
					--schedules none --executions 9 \
					--granularity call "$file" \
					>"$seeds/$n" 2>/dev/null || :
		elif [ $((n % 9)) = 0 ] && grep -q '^schedule' "$file"; then
			"$build/futexsim" run --trace - "$file" 2>/dev/null |
				sed '/^{/!d' | head -n 120 >"$seeds/$n"
		fi
	done
	dict=
	[ ! -e "tests/fuzz/$target.dict" ] || dict=-dict=tests/fuzz/$target.dict
	# shellcheck disable=SC2086
	if "$build/fuzz-$target" "$work/$target" "$seeds" $dict \
		-max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
		-max_len=8192 -artifact_prefix="$work/$target-" \
		-print_final_stats=1 >"$work/$target.log" 2>&1; then
		sed -n 's/^stat::number_of_executed_units: */'$target' inputs: /p' \
			"$work/$target.log"
	else
		failed=$((failed + 1))
		echo "$target failed:"
		tail -n 40 "$work/$target.log"
	fi
done
echo "$((3 - failed)) passed, $failed failed"
[ $failed = 0 ]
