#!/usr/bin/env bash
# Measures precision and recall over the lines of testdata/labelled, by kind, with all rules on.
# Usage: bench/accuracy.sh >bench/results/DATE-accuracy.md
#
# Secrets are texts that hold one, others those that hold none. What was missed, or flagged by mistake, follows the table.
set -euo pipefail

cd "$(dirname "$0")/.."
log=$(go test ./cmd/shrike -run '^TestLabelledLines$' -count=1 -v) || status=$?

echo "# Precision and recall over testdata/labelled"
echo
echo "Commit $(git rev-parse --short=12 HEAD), rules: $(cat rules/*.toml | grep -c '^\[\[rule\]\]')."
echo
grep '^|' <<<"$log"
echo
echo "Wrong, as \`kind:line: text\` (\`+\` a secret that was missed, \`-\` none that was flagged):"
echo
echo '```'
sed -n 's/^ *accuracy_test.go:[0-9]*: \([a-z]*:[0-9]*: \)/\1/p' <<<"$log"
echo '```'
exit "${status:-0}"
