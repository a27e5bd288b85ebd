#!/bin/bash
# Every change of the model is noticed by a scenario, but for those of
# tests/survivors.txt; and who is listed there does survive.
#
#	mutate.sh FUTEXSIM
set -u

futexsim=$1
table=$(mktemp)
trap 'rm -f "$table"' EXIT

"$futexsim" test --mutate scenarios >"$table"
code=$?
cat "$table"
# 1 is that some survive.
if [ "$code" -gt 1 ] || ! grep -q 'mutations, .* survived$' "$table"; then
	echo "0 passed, 1 failed"
	exit 1
fi

wrong=$(diff <(grep -v '^#' tests/survivors.txt | sort) \
	<(awk '$2 == "SURVIVED" { print $1 }' "$table" | sort))
failed=$(grep -c '^[<>]' <<<"$wrong")
all=$(awk 'END { print $1 }' "$table")
if [ "$failed" != 0 ]; then
	echo "not as tests/survivors.txt says (>: survives and is not listed):"
	echo "$wrong"
fi
echo "$((all - failed)) passed, $failed failed"
[ "$failed" = 0 ]
