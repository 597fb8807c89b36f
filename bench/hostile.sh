#!/usr/bin/env bash
# Measures "shrike dir" on texts that a scanner dislikes: a literal of a rule at every few bytes, one character repeated,
# one endless line (bench/hostile makes them), and on files of one's own, such as minified JavaScript.
# Usage: bench/hostile.sh [-n ROUNDS] [-m MEGABYTES] [FILE...] >bench/results/DATE-hostile.md
#
# Speed is of one core (GOMAXPROCS=1): bytes by processor time, user and system, the lowest of the rounds, without what a
# scan of an empty file takes. Files of one's own are repeated up to the size. The result is Markdown.
set -euo pipefail

rounds=3 size=32
while getopts n:m: option; do
	case $option in
	n) rounds=$OPTARG ;;
	m) size=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
for file; do
	[ -s "$file" ] || { echo "$file: not a file, or an empty one" >&2; exit 2; }
done

# shellcheck source-path=SCRIPTDIR source=measure.sh
. "$(dirname "$0")/measure.sh"

texts=$work/texts
(cd "$here" && go run bench/hostile/write.go "$texts" $((size * 1000000)))
for file; do
	mkdir "$texts/$(basename "$file")"
	while cat "$file"; do :; done 2>"$work/stderr" | head -c $((size * 1000000)) >"$texts/$(basename "$file")/text"
done
mkdir "$work/empty" && : >"$work/empty/text"

export GOMAXPROCS=1
# scans FILE FOLDER: appends the times of the rounds
scans() {
	rm -f "$1"
	for ((i = 0; i < rounds; i++)); do
		measure "$1" 1 "$work/shrike" dir "$2" --all --no-progress --no-config --no-baseline --format "jsonl=$work/report"
	done
	sort -gk2 -o "$1" "$1"
}

cat <<END
# Hostile text: shrike dir on texts that hold more literals, or longer lines, than honest text does

$(provenance "" "$("$work/shrike" rules list --no-config | wc -l) rules")
- $size MB of each text; processor time of one core, the lowest of $rounds rounds, less that of an empty file

| text | MB/s | seconds | RSS MB | findings |
|---|---|---|---|---|
END

scans "$work/none" "$work/empty"
read -r _ none _ <"$work/none"
for text in "$texts"/*/; do
	scans "$work/times" "$text"
	findings=$(findings "$work/report")
	awk -v name="$(basename "$text")" -v size="$size" -v none="$none" -v findings="$findings" 'NR == 1 {
		took = $2 - none
		printf "| %s | %.0f | %.2f | %.0f | %d |\n", name, size / (took > 0.01 ? took : 0.01), $2, $3, findings
	}' "$work/times"
done
