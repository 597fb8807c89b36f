#!/usr/bin/env bash
# Measures large reports: the memory of a scan that writes SARIF of 25,000 results, and how fast Chromium opens and filters an
# HTML report of 10,000 findings. Usage: bench/report.sh [SCREENSHOT.png] >bench/results/DATE-report.md
#
# The scanned repository is made: 25,001 tokens in 251 files (or 10,000 in 100), committed over 24 months. Of the 100, a
# fifth is deleted again. The browser's part needs node, playwright-core on NODE_PATH and Chromium (its path in CHROMIUM), and is left
# out where they are not.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=measure.sh
. "$(dirname "$0")/measure.sh"

export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=bench GIT_AUTHOR_EMAIL=bench@localhost
export GIT_COMMITTER_NAME=bench GIT_COMMITTER_EMAIL=bench@localhost

# repository DIRECTORY TOKENS: no file of the project holds a token whole
repository() {
	git init -q "$1"
	awk -v dir="$1" -v tokens="$2" 'BEGIN {
		srand(7)
		letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
		for (n = 0; n < tokens; n++) {
			body = ""
			for (i = 0; i < 20; i++) body = body substr(letters, int(rand() * 62) + 1, 1)
			file = dir "/f" int(n / 100) ".env"
			print "GITLAB_TOKEN=" "glp" "at-" body >file
			if (n % 100 == 99) close(file)
		}
	}'
	local month file=0
	for month in {1..24}; do
		local list=()
		while [ $((file * 24)) -lt $((month * $2 / 100 + 24)) ] && [ -e "$1/f$file.env" ]; do
			list+=("f$file.env") && file=$((file + 1))
		done
		[ ${#list[@]} != 0 ] || continue
		local date
		date=$(printf '%d-%02d-11T12:00:00Z' $((2024 + (month - 1) / 12)) $(((month - 1) % 12 + 1)))
		git -C "$1" add "${list[@]}"
		GIT_AUTHOR_DATE=$date GIT_COMMITTER_DATE=$date git -C "$1" -c gc.auto=0 commit -q -m "Month $month"
	done
}
repository "$work/most" 25001
repository "$work/many" 10000
(cd "$work/many" && git rm -q f*[07].env && git -c gc.auto=0 commit -q -m "Remove some")

cat <<END
# Large reports

$(provenance "")

| scan, of 25,001 secrets | wall, s | CPU, s | peak memory, MB | report, MB | gzip, MB |
|---|---|---|---|---|---|
END
for scan in git dir; do
	: >"$work/measured"
	measure "$work/measured" 1 "$work/shrike" "$scan" "$work/most" --no-progress --format "sarif=$work/most.sarif"
	results=$(grep -o '"ruleIndex"' "$work/most.sarif" | wc -l)
	read -r wall cpu memory <"$work/measured"
	echo "| shrike $scan --format sarif, $results results | $wall | $cpu | $memory |" \
		"$(wc -c <"$work/most.sarif" | awk '{ printf "%.1f", $1 / 1e6 }') | $(gzip -c "$work/most.sarif" | wc -c | awk '{ printf "%.1f", $1 / 1e6 }') |"
done

status=0
"$work/shrike" git "$work/many" --no-progress --format "html=$work/many.html" || status=$?
[ "$status" = 1 ]
chromium=${CHROMIUM:-$(command -v chromium || true)}
if command -v node >/dev/null && [ -x "$chromium" ] && node -e 'require("playwright-core")' 2>/dev/null; then
	printf '\nAn HTML report of 10,000 findings (%s MB) in %s, headless:\n\n' \
		"$(wc -c <"$work/many.html" | awk '{ printf "%.1f", $1 / 1e6 }')" "$("$chromium" --version 2>/dev/null | sed 's/ built.*//')"
	CHROMIUM=$chromium node "$here/bench/report.mjs" "$work/many.html" "$@"
fi
