#!/usr/bin/env bash
# Measures "shrike git REPO" against git reading every object of the same repository, in turn, on one machine.
# Usage: bench/history.sh [-n ROUNDS] [NAME=]REPO... >bench/results/DATE-NAME.md
#
# After one warm-up of each, every round runs git and then shrike, so that both see the same machine. The ratio is taken
# round by round; the table holds medians, and the lowest and highest ratio. The result is Markdown.
set -euo pipefail

rounds=5
while getopts n: option; do
	case $option in
	n) rounds=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || { sed -n '2,6s/^# //p' "$0" >&2; exit 2; }
for repo; do
	repo=${repo#*=}
	git -C "$repo" rev-parse --git-dir >/dev/null || { echo "$repo: not a git repository" >&2; exit 2; }
done

# shellcheck source-path=SCRIPTDIR source=measure.sh
. "$(dirname "$0")/measure.sh"

git_reads() { measure "$1" 0 git -C "$2" cat-file --batch-all-objects --batch --unordered; }
shrike_scans() { measure "$1" 1 "$work/shrike" git "$2" --no-cache --no-progress --no-config --format "jsonl=$work/report"; }

cat <<END
# History: shrike git against git cat-file

$(provenance "$(git --version)")
- medians of $rounds rounds after a warm-up; wall and CPU (user + system) in seconds, peak resident memory in MB
- \`git cat-file --batch-all-objects --batch --unordered > /dev/null\` and \`shrike git REPO\` in turn

| repository | commits | packs MB | git wall | git CPU | git RSS | shrike wall | shrike CPU | shrike RSS | wall ratio | lowest to highest | findings |
|---|---|---|---|---|---|---|---|---|---|---|---|
END

for repo; do
	name=${repo%%=*} repo=${repo#*=}
	git_reads "$work/warm" "$repo"
	shrike_scans "$work/warm" "$repo"
	rm -f "$work/git" "$work/shrike-times"
	for ((i = 0; i < rounds; i++)); do
		git_reads "$work/git" "$repo"
		shrike_scans "$work/shrike-times" "$repo"
	done
	paste -d ' ' "$work/git" "$work/shrike-times" | awk '{ printf "%.3f\n", $1 ? $4 / $1 : 0 }' | sort -g >"$work/ratios"
	findings=$(findings "$work/report")
	packs=$(git -C "$repo" count-objects -v | awk '/^size-pack:/ { printf "%.1f", $2 / 1024 }')
	echo "| $name | $(git -C "$repo" rev-list --all --count) | $packs" \
		"| $(median 1 "$work/git") | $(median 2 "$work/git") | $(median 3 "$work/git")" \
		"| $(median 1 "$work/shrike-times") | $(median 2 "$work/shrike-times") | $(median 3 "$work/shrike-times")" \
		"| $(median 1 "$work/ratios") | $(head -n 1 "$work/ratios") to $(tail -n 1 "$work/ratios") | $findings |"
done
