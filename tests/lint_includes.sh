#!/bin/sh
# Who may include whom.
#
#	tests/lint_includes.sh FILE...
#
# Prints one line for each include that the table below does not allow, and
# exits 1 if there was one.
set -eu

exec awk '
# folder of the includer -> prefixes of what it may include
BEGIN {
	may["model"] = "model/"
	may["trace"] = "trace/"
	may["viz"] = "viz/ trace/"
	may["sim"] = "sim/ trace/ model/kernel.h model/futex.h model/quirks.h"
	may["tests"] = "model/ sim/ trace/ viz/ tests/"

	# The command line composes everything.
	composer = "^sim/(main\\.c|cli/.*)$"

	# Within sim/ only these look up to it.
	above["sim/cli/"] = "^sim/(main\\.c|cli/.*|report/report_explain\\.h)$"
	above["sim/host/"] = "^(sim/cli|sim/host)/"
	above["sim/report/"] = "^sim/(cli|report|run)/"
	above["sim/search/search"] = "^sim/(cli|report|search)/"

	# What a kernel has too.
	model_system = "^<(stdbool|stddef|stdint|limits|errno|string)\\.h>$"

	# A library is known to one place.
	only["<yaml.h>"] = "^(sim/loader/yaml_[a-z]+\\.c|tests/.*)$"
	only["<graphviz/gvc.h>"] = "^(viz|tests)/"
	only["<graphviz/cgraph.h>"] = "^(viz|tests)/"
	only["<gvc.h>"] = "^(viz|tests)/"
	only["<cgraph.h>"] = "^(viz|tests)/"
	only["<check.h>"] = "^tests/"
	bad = 0
}

function complain(what) {
	printf "%s:%d: error: %s\n", FILENAME, FNR, what
	bad = 1
}

function is_allowed(path,    prefixes, n, i) {
	n = split(may[folder], prefixes, " ")
	for (i = 1; i <= n; i++)
		if (index(path, prefixes[i]) == 1)
			return 1
	return FILENAME ~ composer && index(path, "viz/") == 1
}

function end_of_file() {
	if (file ~ /\.h$/ && !guarded) {
		printf "%s:1: error: the include guard is not %s\n", file, guard
		bad = 1
	}
}

FNR == 1 {
	end_of_file()
	file = FILENAME
	folder = FILENAME
	sub(/\/.*/, "", folder)
	quoted = 0
	own = FILENAME
	sub(/\.c$/, ".h", own)
	has_own = FILENAME ~ /\.c$/ && (getline ignored < own) >= 0
	close(own)
	guard = toupper(FILENAME)
	gsub(/[^A-Z0-9]/, "_", guard)
	guarded = 0
	if ($0 !~ /^\/\*/)
		complain("a file opens with a comment that says what it is for")
}

/^#ifndef / && $2 == guard { guarded = 1 }

/^#[ \t]*include[ \t]*"/ {
	path = $0
	sub(/^[^"]*"/, "", path)
	sub(/".*/, "", path)
	for (part in above)
		if (folder == "sim" && index(path, part) == 1 &&
		    FILENAME !~ above[part])
			complain("only " above[part] " may include \"" path "\"")
	if (!is_allowed(path))
		complain(folder "/ may not include \"" path "\"")
	if (++quoted == 1 && has_own && path != own)
		complain("its own header, \"" own "\", comes first")
}

/^#[ \t]*include[ \t]*</ {
	path = $0
	sub(/^[^<]*/, "", path)
	sub(/>.*/, ">", path)
	if (folder == "model" && path !~ model_system)
		complain("model/ may not include " path)
	if (path in only && FILENAME !~ only[path])
		complain("not the place for " path)
}

END {
	end_of_file()
	exit bad
}
' "$@"
