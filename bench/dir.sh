#!/usr/bin/env bash
# Measures "shrike dir TREE..." against ripgrep counting seven words without case in the same files, in turn, on one machine.
# Usage: bench/dir.sh [-n ROUNDS] TREE... >bench/results/DATE-dir.md
#
# After one warm-up of each, every round runs rg and then shrike. The ratio is taken round by round; the table holds
# medians, and the lowest and highest ratio. The result is Markdown.
set -euo pipefail

rounds=9
while getopts n: option; do
	case $option in
	n) rounds=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || { sed -n '2,6s/^# //p' "$0" >&2; exit 2; }
command -v rg >/dev/null || { echo "ripgrep is missing: apt-get install ripgrep" >&2; exit 2; }
[ -x /usr/bin/time ] || { echo "GNU time is missing: apt-get install time" >&2; exit 2; }
for tree; do
	[ -d "$tree" ] || { echo "$tree: not a folder" >&2; exit 2; }
done

here=$(cd "$(dirname "$0")/.." && pwd)
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
words='akia|ghp_|xox[bp]-|secret|token|password|api_key'
rg_counts() { measure "$1" 1 rg -c -uuu -i -e "$words" "$2"; }
shrike_scans() { measure "$1" 1 "$work/shrike" dir "$2" --all --no-progress --no-config --no-baseline --format "jsonl=$work/report"; }

# median COLUMN FILE
median() {
	awk -v c="$1" '{ print $c }' "$2" | sort -g |
		awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

commit=$(git -C "$here" rev-parse --short HEAD)
[ -z "$(git -C "$here" status --porcelain -uno)" ] || commit="$commit with changes"
cat <<END
# Directories: shrike dir against ripgrep

- date: $(date -u +%F)
- machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1), $(getconf _NPROCESSORS_ONLN) cores, $(uname -sm)
- load before: $(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || echo unknown)
- $(go version), $(rg --version | sed -n 1p)
- shrike: commit $commit, $("$work/shrike" rules list --no-config | wc -l) rules
- medians of $rounds rounds after a warm-up; wall and CPU (user + system) in seconds, peak resident memory in MB
- \`rg -c -uuu -i -e '$words' TREE\` and \`shrike dir TREE --all\` in turn

| tree | files | MB | rg wall | rg CPU | shrike wall | shrike CPU | shrike RSS | wall ratio | lowest to highest | CPU ratio | findings |
|---|---|---|---|---|---|---|---|---|---|---|---|
END

for tree; do
	rg_counts "$work/warm" "$tree"
	shrike_scans "$work/warm" "$tree"
	rm -f "$work/rg" "$work/shrike-times"
	for ((i = 0; i < rounds; i++)); do
		rg_counts "$work/rg" "$tree"
		shrike_scans "$work/shrike-times" "$tree"
	done
	paste -d ' ' "$work/rg" "$work/shrike-times" |
		awk '{ printf "%.3f %.3f\n", $1 ? $4 / $1 : 0, $2 ? $5 / $2 : 0 }' | sort -g >"$work/ratios"
	findings=$(tail -n 1 "$work/report" | sed -n 's/.*"findings":\([0-9]*\),"severities".*/\1/p')
	size=$(find "$tree" -type f -printf '%s\n' | awk '{ n++; sum += $1 } END { printf "%d | %.0f", n, sum / 1e6 }')
	echo "| $(basename "$tree") | $size" \
		"| $(median 1 "$work/rg") | $(median 2 "$work/rg")" \
		"| $(median 1 "$work/shrike-times") | $(median 2 "$work/shrike-times") | $(median 3 "$work/shrike-times")" \
		"| $(median 1 "$work/ratios") | $(head -n 1 "$work/ratios" | cut -d' ' -f1) to $(tail -n 1 "$work/ratios" | cut -d' ' -f1)" \
		"| $(median 2 "$work/ratios") | $findings |"
done
