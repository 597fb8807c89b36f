#!/usr/bin/env bash
# Measures how the work and the memory of "shrike git" grow with a repository: one that is generated, and grown to three and
# to ten times its size.
# Usage: bench/grow.sh [-n ROUNDS] [-c COMMITS] >bench/results/DATE-grow.md
#
# COMMITS, a multiple of 1000, is the length of the history at first (30,000). Work is CPU time, and instructions where perf
# counts them: they do not depend on what else the machine does. Memory is what the program itself takes, RssAnon of
# /proc/PID/status every 10 ms, without the packs that are mapped. The result is Markdown. Linux only.
set -euo pipefail

rounds=3 unit=30000
while getopts n:c: option; do
	case $option in
	n) rounds=$OPTARG ;;
	c) unit=$OPTARG ;;
	*) exit 2 ;;
	esac
done
[ $((unit % 1000)) -eq 0 ] || { echo "-c takes a multiple of 1000" >&2; exit 2; }

# shellcheck source-path=SCRIPTDIR source=measure.sh
. "$(dirname "$0")/measure.sh"

(cd "$here" && go build -o "$work/grow" bench/grow/main.go)
repo=$work/repo.git
shrike=("$work/shrike" git "$repo" --no-cache --no-progress --no-config --format "jsonl=$work/report")
git init -q --bare "$repo"

# grow FROM TO: adds commits, and joins the packs without looking for other deltas
grow() {
	"$work/grow" -from "$1" -to "$2" | git -C "$repo" -c fastimport.unpackLimit=0 fast-import --quiet
	git -C "$repo" repack -adq --window=0
}

# count COMMAND...: its instructions in billions, or 0 without perf
count() {
	perf stat -x , -e instructions:u -o "$work/count" "$@" >/dev/null 2>"$work/stderr" || true
	awk -F , '/instructions/ { n = $1 } END { printf "%.3f\n", n / 1e9 }' "$work/count" 2>"$work/stderr" || echo 0
}

# scan: appends "wall cpu rss anonymous" to $work/scans, the last two in MB
scan() {
	local pid most=0 now status=0
	/usr/bin/time -q -f '%e %U %S %M' -o "$work/time" \
		"${shrike[@]}" >"$work/stdout" 2>&1 &
	while ! pid=$(cat "/proc/$!/task/$!/children" 2>"$work/stderr") || [ -z "$pid" ]; do kill -0 $! || break; done
	while now=$(sed -n 's/^RssAnon:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/${pid% }/status" 2>"$work/stderr") && [ -n "$now" ]; do
		most=$((now > most ? now : most))
		sleep 0.01
	done
	wait $! || status=$?
	[ "$status" -le 1 ] || { cat "$work/stdout" >&2; exit 1; }
	awk -v anonymous="$most" '{ printf "%.2f %.2f %.0f %.1f\n", $1, $2 + $3, $4 / 1024, anonymous / 1024 }' "$work/time" >>"$work/scans"
}

cat <<END
# Growth: shrike git on a history of one, three and ten times the length

$(provenance "$(git --version)")
- a repository made by \`bench/grow\`, $unit commits at first; medians of $rounds rounds after a warm-up, the CPU's lowest
- of git's: against the instructions of \`git cat-file --batch-all-objects --batch --unordered\` in the same repository
- memory: peak RssAnon, without mapped packs; RSS with them. An added GB or object: growth from the row above

| commits | objects | pack MB | blobs MB | findings | wall s | CPU s | CPU s a GB | G instructions a GB | an added GB | of git's | RSS MB | memory MB | bytes an added object |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
END

size=0 before="0 0 0 0"
for times in 1 3 10; do
	grow "$size" $((unit * times))
	size=$((unit * times))
	yardstick=$(count git -C "$repo" cat-file --batch-all-objects --batch --unordered)
	instructions=$(count "${shrike[@]}")
	scan # warm-up
	rm "$work/scans"
	for ((i = 0; i < rounds; i++)); do scan; done
	read -r objects pack < <(git -C "$repo" count-objects -v | awk '/^in-pack:/ { n = $2 } /^size-pack:/ { print n, $2 / 1024 }')
	findings=$(findings "$work/report")
	bytes=$(tail -n 1 "$work/report" | sed -n 's/.*"bytes":\([0-9]*\).*/\1/p')
	cpu=$(sort -gk2 "$work/scans" | awk 'NR == 1 { print $2 }')
	memory=$(median 4 "$work/scans")
	awk -v commits="$size" -v objects="$objects" -v pack="$pack" -v bytes="$bytes" -v findings="$findings" -v wall="$(median 1 "$work/scans")" \
		-v cpu="$cpu" -v n="$instructions" -v git="$yardstick" -v rss="$(median 3 "$work/scans")" -v memory="$memory" -v before="$before" 'BEGIN {
			split(before, b, " ")
			printf "| %d | %d | %.0f | %.0f | %d | %.2f | %.2f ", commits, objects, pack, bytes / 1048576, findings, wall, cpu
			printf "| %.1f | %.1f | %.1f | %.2f ", cpu / pack * 1024, n / pack * 1024, (n - b[3]) / (pack - b[2]) * 1024, git ? n / git : 0
			printf "| %d | %.0f | %.0f |\n", rss, memory, (memory - b[4]) * 1048576 / (objects - b[1])
		}'
	before="$objects $pack $instructions $memory"
done
