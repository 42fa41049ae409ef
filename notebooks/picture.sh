#!/usr/bin/env bash
# Makes the README's picture, notebooks/timeline.png, from the report of a benchmark:
#   notebooks/picture.sh RUN_DIR [HEIGHT]
# Needs Chromium: apt-get install chromium, or TANDEM_BROWSER=/path/to/it
set -euo pipefail
run=${1:?the run folder of a benchmark}
browser=${TANDEM_BROWSER:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
[ -n "$browser" ] || { echo "No Chromium or Chrome found; name one by TANDEM_BROWSER" >&2 && exit 1; }
picture=$(cd "$(dirname "$0")" && pwd)/timeline.png
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The report, with nothing but its timeline.
style='<style>section:not([aria-labelledby=timeline-h]),header,section>p,h2,.tools,details{display:none}body{padding:4px 12px}</style></head>'
sed "s|</head>|$style|" "$run/report.html" >"$work/timeline.html"
"$browser" --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --hide-scrollbars \
  --virtual-time-budget=5000 --user-data-dir="$work/profile" --window-size=1100,"${2:-640}" \
  --screenshot="$picture" "file://$work/timeline.html" 2>/dev/null
echo "$picture"
