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
for tree; do
	[ -d "$tree" ] || { echo "$tree: not a folder" >&2; exit 2; }
done

# shellcheck source-path=SCRIPTDIR source=measure.sh
. "$(dirname "$0")/measure.sh"

words='akia|ghp_|xox[bp]-|secret|token|password|api_key'
rg_counts() { measure "$1" 1 rg -c -uuu -i -e "$words" "$2"; }
shrike_scans() { measure "$1" 1 "$work/shrike" dir "$2" --all --no-progress --no-config --no-baseline --format "jsonl=$work/report"; }

cat <<END
# Directories: shrike dir against ripgrep

$(provenance "$(rg --version | sed -n 1p)" "$("$work/shrike" rules list --no-config | wc -l) rules")
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
	findings=$(findings "$work/report")
	size=$(find "$tree" -type f -printf '%s\n' | awk '{ n++; sum += $1 } END { printf "%d | %.0f", n, sum / 1e6 }')
	echo "| $(basename "$tree") | $size" \
		"| $(median 1 "$work/rg") | $(median 2 "$work/rg")" \
		"| $(median 1 "$work/shrike-times") | $(median 2 "$work/shrike-times") | $(median 3 "$work/shrike-times")" \
		"| $(median 1 "$work/ratios") | $(head -n 1 "$work/ratios" | cut -d' ' -f1) to $(tail -n 1 "$work/ratios" | cut -d' ' -f1)" \
		"| $(median 2 "$work/ratios") | $findings |"
done
