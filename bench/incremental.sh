#!/usr/bin/env bash
# Measures a second "shrike git REPO", of an unchanged repository and after some new commits, against git reading every
# object of it, in turn, on one machine. Checks that each report is that of a scan without a cache.
# Usage: bench/incremental.sh [-n ROUNDS] [-c COMMITS] [NAME=]REPO... >bench/results/DATE-NAME.md
#
# The new commits are the last ones of HEAD's first parents that bring at least COMMITS (100): the history before them is
# fetched into a scratch repository and scanned, then they are fetched too. Every round starts from that scan's cache.
# The ratio is taken round by round; the table holds medians, and the lowest and highest ratio. The result is Markdown.
set -euo pipefail

rounds=5 commits=100
while getopts n:c: option; do
	case $option in
	n) rounds=$OPTARG ;;
	c) commits=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || { sed -n '2,8s/^# //p' "$0" >&2; exit 2; }

# shellcheck source-path=SCRIPTDIR source=measure.sh
. "$(dirname "$0")/measure.sh"

# report NAME FLAGS...: scans $repo into $work/NAME
report() {
	local name=$1 status=0
	shift
	"$work/shrike" git "$repo" --no-progress --no-config --format "csv=$work/$name" "$@" >/dev/null 2>"$work/stderr" || status=$?
	[ "$status" -le 1 ] || { cat "$work/stderr" >&2; exit 1; }
}

# compare LABEL: measures in turn, each time from the cache in $work/kept, and prints a row
compare() {
	rm -f "$work"/git.times "$work"/shrike.times
	for round in $(seq 0 "$rounds"); do
		rm -rf "$work/cache"
		cp -r "$work/kept" "$work/cache"
		[ "$round" -gt 0 ] || rm -f "$work"/*.times
		measure "$work/git.times" 0 git -C "$repo" cat-file --batch-all-objects --batch --unordered
		measure "$work/shrike.times" 1 "$work/shrike" git "$repo" --cache "$work/cache" --no-progress --no-config --format "csv=$work/with"
		[ "$round" -gt 0 ] || rm -f "$work"/*.times
	done
	report without --no-cache
	cmp "$work/without" "$work/with" >&2
	paste -d' ' "$work/git.times" "$work/shrike.times" | awk '{ printf "%.3f\n", $4 / $1 }' | sort -g >"$work/ratios"
	echo "| $1 | $(median 1 "$work/git.times") | $(median 1 "$work/shrike.times") | $(median 2 "$work/shrike.times") |" \
		"$(median 3 "$work/shrike.times") | $(median 1 "$work/ratios") ($(head -n 1 "$work/ratios") to $(tail -n 1 "$work/ratios")) |" \
		"$(du -b "$work"/cache/*.history | awk '{ printf "%.1f", $1 / 1e6 }') |"
}

cat <<END
# Incremental scans: shrike git with a cache against git cat-file

$(provenance "$(git --version)")
- medians of $rounds rounds after a warm-up; wall and CPU (user + system) in seconds, peak resident memory (mapped packs included) and cache in MB
- every report equals that of a scan with --no-cache

| repository | git wall | shrike wall | CPU | memory | ratio | cache |
|---|---|---|---|---|---|---|
END
for arg; do
	repo=${arg#*=} name=${arg%%=*}
	[ "$name" != "$arg" ] || name=$(basename "$repo")
	rm -rf "$work/kept"
	report first --cache "$work/kept"
	compare "$name, unchanged"

	head=$(git -C "$repo" rev-parse HEAD) from=$(cd "$repo" && pwd) count=0
	for base in $(git -C "$repo" rev-list --first-parent HEAD); do
		count=$(git -C "$repo" rev-list --count "$base..$head")
		[ "$count" -lt "$commits" ] || break
	done
	repo=$work/scratch
	rm -rf "$repo" "$work/kept"
	git init -q --bare "$repo"
	git -C "$repo" fetch -q "$from" "$base:refs/heads/main"
	git -C "$repo" symbolic-ref HEAD refs/heads/main
	report first --cache "$work/kept"
	git -C "$repo" fetch -q "$from" "$head:refs/heads/main"
	compare "$name, $count new commits"
done
