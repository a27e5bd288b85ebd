#!/bin/sh
# Every scheduling point of the model is on one line: compilers do not agree
# which line a macro is on that spans several, and lines are in the traces.
#
#	tests/lint_sites.sh FILE...
#
# Prints one line for each point that is broken, and exits 1 if there was one.
set -eu

exec awk '
BEGIN {
	point = "(kmutex_(lock|trylock|unlock)|katomic_(load|store|swap|add|sub)" \
		"|kref_(get|put|count)|kpark|kunpark|kyield" \
		"|kinterrupt_(register|take)|kclock_(wall|monotonic)_ns" \
		"|ktimer_(arm|poll|cancel)" \
		"|kuser_(load32|store32|cas32|read64|write64|read_timespec)" \
		"|kaspace_(lock|trylock|unlock)|knote_(queue|entry|table)" \
		"|kbug_on)\\("
	bad = 0
}

FILENAME ~ /^model\/.*\.c$/ && match($0, point) {
	rest = substr($0, RSTART)
	if (gsub(/\(/, "(", rest) > gsub(/\)/, ")", rest)) {
		printf "%s:%d: error: a point is to be on one line\n", \
			FILENAME, FNR
		bad = 1
	}
}

END { exit bad }
' "$@"
