#!/usr/bin/env bash
# Proves on real repositories that scanning only what deltas insert finds the same as scanning every blob whole:
# the same findings with the same occurrences, in the same order.
# Usage: bench/equal.sh REPO...
#
# Ends with status 1 and a diff when two reports differ. Reports hold no secrets.
set -euo pipefail

[ $# -gt 0 ] || { sed -n '2,5s/^# //p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$here" && go build -o "$work/shrike" ./cmd/shrike)

scan() { # FILE ARGUMENTS...: writes the findings, one a line, without the summary
	local file=$1 status=0
	shift
	"$work/shrike" git --no-cache --no-config --no-baseline --format jsonl "$@" >"$work/report" 2>"$work/stderr" || status=$?
	[ "$status" -lt 2 ] || { cat "$work/stderr" >&2; exit 2; }
	grep -v '"type":"summary"' "$work/report" >"$file" || true
}

printf '| repository | commits | findings | occurrences | equal |\n|---|---|---|---|---|\n'
failed=0
for repo; do
	scan "$work/deltas" "$repo"
	scan "$work/whole" --whole-blobs "$repo"
	equal=yes
	cmp -s "$work/deltas" "$work/whole" || { equal=NO failed=1; }
	printf '| %s | %s | %s | %s | %s |\n' "$(basename "$repo")" "$(git -C "$repo" rev-list --all --count)" \
		"$(wc -l <"$work/deltas")" "$(grep -o '"start_line"' "$work/deltas" | wc -l)" "$equal"
	[ "$equal" = yes ] || diff "$work/deltas" "$work/whole" | cut -c1-400 | head -20 >&2 || true
done
exit "$failed"
