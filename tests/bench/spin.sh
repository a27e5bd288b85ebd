#!/bin/sh
# Makes a verifier of a Promela model.
#
#	tests/bench/spin.sh DIRECTORY MODEL "NAME=VALUE..."
#
# Leaves it in DIRECTORY/pan.  Exits 7 when Spin or a C compiler is missing.
set -eu

directory=$1
model=$(pwd)/tests/bench/$2
cc=${CC:-cc}
command -v spin >/dev/null 2>&1 || exit 7
command -v "${cc%% *}" >/dev/null 2>&1 || exit 7

# What stands before the model goes to Spin's preprocessor.
values=
for value in $3; do
	values="$values -D$value"
done
cd "$directory"
# -o1: clearing variables that are dead at some places and not at others makes
# more states of these models, not fewer.
# shellcheck disable=SC2086
spin -o1 -a $values "$model" >spin.log
# Safety alone: no search for cycles.
# shellcheck disable=SC2086
$cc -O2 -w -DSAFETY -o pan pan.c
