#!/bin/sh
# Form, who includes whom, points on one line, static analysis.
#
#	tests/lint.sh FILE...
#
# Prints what is wrong and exits 1 if anything is.
set -eu

passed=0
failed=0

part() {
	if "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
}

lint_format() {
	clang-format --dry-run -Werror "$@"
}

lint_analysis() {
	cppcheck --quiet --error-exitcode=1 --inline-suppr -j "$(nproc)" \
		--std=c11 --platform=unix64 --library=posix,gnu -I. \
		--enable=warning,performance,portability \
		--suppress=missingIncludeSystem \
		--suppressions-list=tests/cppcheck.supp "$@"
}

sources=
for file in "$@"; do
	case $file in
	*.c) sources="$sources $file" ;;
	esac
done

part lint_format "$@"
part sh tests/lint_includes.sh "$@"
part sh tests/lint_sites.sh "$@"
# shellcheck disable=SC2086
part lint_analysis $sources

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
