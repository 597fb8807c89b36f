#!/usr/bin/env bash
# Measures what "shrike staged" costs a commit: against a program that prints its version and ends, in turn, on one machine.
# And what a baseline of 10,000 entries costs it, against one of a single entry, where a finding makes it read the baseline.
# Usage: bench/hook.sh [-n ROUNDS] >bench/results/DATE-hook.md
#
# Two repositories are made: one whose ten files are staged, and one of 100,000 files of which ten are. The staged files are C
# sources of 2 to 120 KB made from the numbers of their lines. After one warm-up of each, every round runs the program that
# only prints and then shrike. The difference is taken round by round; the table holds medians. The result is Markdown.
set -euo pipefail

rounds=40
while getopts n: option; do
	case $option in
	n) rounds=$OPTARG ;;
	*) exit 2 ;;
	esac
done

# shellcheck source-path=SCRIPTDIR source=measure.sh
. "$(dirname "$0")/measure.sh"

cat >"$work/version.go" <<'END'
package main

import "fmt"

func main() { fmt.Println("version 1.0") }
END
(cd "$work" && go build -o version version.go)
cat >"$work/times.go" <<'END'
// Command times runs two commands, parted by "--", in turn, ROUNDS times, and prints in milliseconds
// the medians of: the first, the second, their difference, the second's CPU time.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"time"
)

func main() {
	rounds, _ := strconv.Atoi(os.Args[1])
	var first, second, difference, cpu []float64
	run := func(name string, args ...string) (wall, cpu float64) {
		c := exec.Command(name, args...)
		started := time.Now()
		if err := c.Run(); err != nil {
			fmt.Fprintln(os.Stderr, name, err)
			os.Exit(1)
		}
		spent := c.ProcessState.UserTime() + c.ProcessState.SystemTime()
		return float64(time.Since(started).Microseconds()) / 1000, float64(spent.Microseconds()) / 1000
	}
	rest := slices.Index(os.Args, "--")
	for round := range rounds + 1 {
		a, _ := run(os.Args[2], os.Args[3:rest]...)
		b, used := run(os.Args[rest+1], os.Args[rest+2:]...)
		if round > 0 {
			first, second, difference, cpu = append(first, a), append(second, b), append(difference, b-a), append(cpu, used)
		}
	}
	for _, list := range [][]float64{first, second, difference, cpu} {
		slices.Sort(list)
		fmt.Printf("%.1f ", list[len(list)/2])
	}
}
END
(cd "$work" && go build -o times times.go)

# stage N: writes and stages ten files of C in the repository of the working directory
stage() {
	for n in 1 2 3 4 5 6 7 8 9 10; do
		awk -v n="$n" 'BEGIN { for (i = 0; i < n * n * 40; i++) printf "\tif (state->count[%d] > limit) return check(%d);\n", i, i * n }' >"changed$n.c"
	done
	git add .
}
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
commit() { git -c gc.auto=0 -c maintenance.auto=0 -c user.name=bench -c user.email=bench@localhost commit -q -m "$1"; }

mkdir "$work/small" "$work/large"
(cd "$work/small" && git init -q . && stage)
(cd "$work/large" && git init -q . && mkdir folder{0..999} && awk 'BEGIN {
	for (d = 0; d < 1000; d++) {
		for (f = 0; f < 100; f++) {
			file = "folder" d "/file" f ".txt"
			print "file", d, f >file
			close(file)
		}
	}
}' && git add . && commit "100,000 files" && git gc -q && stage)

cat <<END
# Hook: shrike staged against a program that prints its version

$(provenance "$(git --version)" "$("$work/shrike" rules list 2>/dev/null | wc -l) rules, $(du -m "$work/shrike" | cut -f1) MB")
- medians of $rounds rounds after a warm-up, in milliseconds; both programs in turn, the difference round by round

| repository | staged | version program | shrike staged | difference | shrike's CPU |
|---|---|---|---|---|---|
END
for repo in small large; do
	cd "$work/$repo"
	read -r first second difference cpu < <("$work/times" "$rounds" "$work/version" -- "$work/shrike" staged --no-progress && echo)
	echo "| $(git ls-files | wc -l) files | 10 files, $(cat changed*.c | wc -c) bytes | $first | $second | $difference | $cpu |"
done

# A secret that both baselines accept: the longer one has 9,999 more entries, a fifth of them with paths. No file of the
# project holds a token whole.
cd "$work/small"
printf 'GITLAB_TOKEN=%s%s\n' glp at-Zt3xW9pQr7Kv2LmN8sYb >token.env
git add token.env
"$work/shrike" baseline audit --accept --reason "made up" >/dev/null
mv .shrike-baseline.toml "$work/one.toml"
awk '{ print } /^accept/ { for (i = 1; i < 10000; i++) {
	paths = i % 5 ? "" : sprintf(", paths = [\"services/service-%d/config/settings.yml\"]", i)
	printf "  { fingerprint = \"%032x\", rule = \"generic-password\"%s, reason = \"revoked, ticket %d\", owner = \"@team\" },\n", i, paths, i
} }' "$work/one.toml" >"$work/many.toml"
cat <<END

| staged, with a secret that the baseline accepts | baseline of 1 | of 10,000 entries, $(du -k "$work/many.toml" | cut -f1) kB | difference | CPU |
|---|---|---|---|---|
END
staged=("$work/shrike" staged --no-progress)
read -r first second difference cpu < <("$work/times" "$rounds" "${staged[@]}" --baseline "$work/one.toml" -- "${staged[@]}" --baseline "$work/many.toml" && echo)
echo "| 11 files | $first | $second | $difference | $cpu |"
