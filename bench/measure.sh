# shellcheck shell=bash
# What the benchmark scripts share: source it, after set -euo pipefail. It needs GNU time, sets here (the checkout) and work
# (a folder that is removed at the end), and builds the program as $work/shrike.

[ -x /usr/bin/time ] || { echo "GNU time is missing: apt-get install time" >&2; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$here" && go build -o "$work/shrike" ./cmd/shrike)

# measure FILE LARGEST-STATUS COMMAND...: appends "wall cpu rss" in seconds, seconds and MB
measure() {
	local file=$1 largest=$2 status=0
	shift 2
	/usr/bin/time -q -f '%e %U %S %M' -o "$work/time" "$@" >/dev/null 2>"$work/stderr" || status=$?
	if [ "$status" -gt "$largest" ]; then
		echo "$* ended with status $status:" >&2
		head -n 20 "$work/stderr" >&2
		exit 1
	fi
	awk '{ printf "%.2f %.2f %.0f\n", $1, $2 + $3, $4 / 1024 }' "$work/time" >>"$file"
}

# median COLUMN FILE
median() {
	awk -v c="$1" '{ print $c }' "$2" | sort -g |
		awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# findings REPORT: how many a scan found, of a report as lines of JSON
findings() {
	tail -n 1 "$1" | sed -n 's/.*"findings":\([0-9]*\),"severities".*/\1/p'
}

# provenance [VERSION [MORE]]: the first lines of a result: when, where, and of what, with the version of what shrike is
# compared with and more about shrike
provenance() {
	local commit
	commit=$(git -C "$here" rev-parse --short HEAD)
	[ -z "$(git -C "$here" status --porcelain -uno)" ] || commit="$commit with changes"
	cat <<-END
		- date: $(date -u +%F)
		- machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1), $(getconf _NPROCESSORS_ONLN) cores, $(uname -sm)
		- load before: $(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || echo unknown)
		- $(go version)${1:+, $1}
		- shrike: commit $commit${2:+, $2}
	END
}
