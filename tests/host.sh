#!/bin/sh
# host.sh - the profile linux does what the kernel of this machine does.
#
# usage: host.sh PROGRAM
#
# Prints what differs, or cannot be compared, and "N passed, M failed".
set -eu
program=$1

case $(uname -sr) in
"Linux 6."*) ;;
*)
	echo "skipped: the kernel of this machine is not Linux 6."
	exit 0
	;;
esac

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
"$program" host scenarios >"$log" || status=$?
if grep -q '^[0-9]* not possible here$' "$log"; then
	echo "skipped: $(sed -n 's/.*: not possible here: //p' "$log" | head -n 1)."
	exit 0
fi
grep -A 3 ': differs$' "$log" || true
tail -n 1 "$log"
agree=$(grep -c ': agrees: ' "$log") || agree=0
differ=$(grep -c ': differs$' "$log") || differ=0
# Much of the corpus is for a host; were it not, something would be wrong.
if [ "$agree" -lt 100 ]; then
	echo "only $agree runs could be compared"
	differ=$((differ + 1))
fi
echo "$agree passed, $differ failed"
exit "$status"
