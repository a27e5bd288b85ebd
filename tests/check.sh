#!/bin/bash
# Everything that must hold, part by part.  The output of a part is kept in
# $BUILD/check/ and shown if it fails.  The last line is the sum.
set -u

B=${BUILD:-build}
make=${MAKE:-make}
jobs=-j$(nproc)
case "${MAKEFLAGS-}" in
*jobserver*) jobs= ;;
esac
logs=$B/check
mkdir -p "$logs"

# A machine that is busy with other things is no failure.
export CK_DEFAULT_TIMEOUT=60
export CK_TIMEOUT_MULTIPLIER=3
export ASAN_OPTIONS=detect_leaks=1
export LSAN_OPTIONS=suppressions=$PWD/tests/lsan.supp:print_suppressions=0
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=0

all_passed=0
all_failed=0

# Sums what a part has printed: libcheck, TAP, or "N passed, M failed".
count() {
	awk '
	/^[0-9]+%: Checks: / {
		gsub(/,/, "")
		bad = $5 + $7
		passed += $3 - bad
		failed += bad
	}
	/^ok / { passed++ }
	/^not ok / { failed++ }
	/^[0-9]+ passed, [0-9]+ failed$/ {
		passed += $1
		failed += $3
	}
	END { print passed + 0, failed + 0 }
	' "$1"
}

# part NAME COMMAND...: a part that prints counts.
part() {
	local name=$1 log begin passed failed status=0
	shift
	log=$logs/${name// /-}.log
	begin=$SECONDS
	timeout 1200 "$@" >"$log" 2>&1 </dev/null || status=$?
	read -r passed failed < <(count "$log")
	if grep -q '^skipped: ' "$log"; then
		printf '%-32s %s\n' "$name" "$(grep '^skipped: ' "$log")"
		return
	fi
	if [ "$failed" = 0 ] && { [ "$status" != 0 ] || [ "$passed" = 0 ]; }; then
		failed=1
	fi
	report "$name" "$passed" "$failed" "$((SECONDS - begin))" "$log"
}

# build NAME ARGUMENT...: compiling without a warning counts as one.
build() {
	local name=$1 log begin
	shift
	log=$logs/${name// /-}.log
	begin=$SECONDS
	# shellcheck disable=SC2086
	if "$make" $jobs --no-print-directory "$@" >"$log" 2>&1; then
		report "$name" 1 0 "$((SECONDS - begin))" "$log"
	else
		report "$name" 0 1 "$((SECONDS - begin))" "$log"
		return 1
	fi
}

report() {
	printf '%-32s %5d passed, %d failed (%d s)\n' "$1" "$2" "$3" "$4"
	all_passed=$((all_passed + $2))
	all_failed=$((all_failed + $3))
	if [ "$3" != 0 ]; then
		echo "---- the end of $5:"
		tail -n 40 "$5"
		echo "----"
	fi
}

# shares PROGRAM: all suites of it, as many at once as there are processors.
shares() {
	local i n pid failed=0
	local -a pids=()
	n=$(nproc)
	for ((i = 1; i <= n; i++)); do
		"$1" --share "$i/$n" >"$1.share$i" 2>&1 &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || failed=1
	done
	for ((i = 1; i <= n; i++)); do
		cat "$1.share$i"
	done
	return $failed
}

# suites NAME DIRECTORY: unit tests and scenarios of one build.
suites() {
	part "$1 model tests" "$2/tests-model"
	part "$1 tests" bash -c "shares $2/tests"
	part "$1 scenarios" "$2/futexsim" test --tap --quiet scenarios
}

stress() {
	local run=
	if ! "$B/tsan/stress" --probe >/dev/null 2>&1; then
		run="setarch -R"
		if ! $run "$B/tsan/stress" --probe >/dev/null 2>&1; then
			echo "skipped: ThreadSanitizer cannot run on this kernel."
			return 0
		fi
	fi
	$run "$B/tsan/stress"
}

# One scenario of each folder, and all unit tests of the model.
memcheck() {
	local passed=0 failed=0 command folder scenario
	local -a commands=("$B/tests-model")
	for folder in scenarios/*/; do
		for scenario in "$folder"*.yaml; do
			[ -e "$scenario" ] || break
			# One run is no answer where a search is asked for.
			grep -q '^  - explore' "$scenario" && continue
			commands+=("$B/futexsim run $scenario")
			break
		done
	done
	commands+=("$B/futexsim explore --schedules none --quiet
		scenarios/wait/store-then-wake-never-misses-searched.yaml")
	for command in "${commands[@]}"; do
		# shellcheck disable=SC2086
		if CK_FORK=no valgrind -q --error-exitcode=9 \
			--leak-check=full --errors-for-leak-kinds=definite \
			--show-leak-kinds=definite $command \
			>"$logs/valgrind.out" 2>&1; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			echo "$command:"
			cat "$logs/valgrind.out"
		fi
	done
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ]
}

readme() {
	sh tests/readme.sh "$B/futexsim" && echo "1 passed, 0 failed"
}

lint() {
	"$make" --no-print-directory lint
}

export -f shares stress memcheck readme lint
export B logs make

if build "gcc build" programs; then
	suites gcc "$B"
	part "mutations" bash tests/mutate.sh "$B/futexsim"
	part "readme" bash -c readme
	part "gallery" env BUILD="$B" sh tests/gallery.sh --check
	part "host" sh tests/host.sh "$B/futexsim"
	part "schema" /usr/bin/python3 tests/schema.py "$B/futexsim"
	part "web" sh tests/web.sh
	part "valgrind" bash -c memcheck
fi
if build "clang build" programs CC=clang "B=$B/clang"; then
	suites clang "$B/clang"
	part "determinism" bash tests/determinism.sh "$B/futexsim" \
		"$B/clang/futexsim"
fi
if build "sanitizer build" programs "B=$B/asan" SANITIZE=address,undefined \
	'CFLAGS=-O1 -g'; then
	CK_TIMEOUT_MULTIPLIER=10 suites sanitizer "$B/asan"
fi
if build "thread sanitizer build" "$B/tsan/stress" "B=$B/tsan" \
	SANITIZE=thread 'CFLAGS=-O1 -g'; then
	part "thread sanitizer stress" bash -c stress
fi
if build "fuzz build" fuzzers CC=clang "B=$B/fuzzing" \
	SANITIZE=address,undefined 'CFLAGS=-O1 -g -fsanitize=fuzzer-no-link'; then
	part "fuzzing" sh tests/fuzz.sh "$B/fuzzing" 20
fi
part "lint" bash -c lint

echo
echo "$all_passed passed, $all_failed failed"
[ "$all_failed" = 0 ]
