#!/usr/bin/env bash
# Resumes an inference of very many frames: it is killed (kill -9) after its second commit, and resumed. The frames are
# hard links to the bundled small ones, in folders of a thousand; the model is a tiny one of the tests.
#
#   run.sh [FRAMES]        default 220000; needs some 1 GB in TMPDIR
#
# Each frame has one row if the summary has as many rows as there are frames, and no frame is missing.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tandem=$(cd "$here/../../.." && pwd)
frames=${1:-220000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "== $frames frames"
mkdir "$work/source"
cp "$tandem"/data/small/*.jpg "$work/source"
for ((folder = 0; folder * 1000 < frames; folder++)); do
  part=$work/frames/$(printf %05d "$folder")
  mkdir -p "$part"
  for ten in 0 1 2 3 4 5 6 7 8 9; do # A hundred at once: a process for each link would take longer.
    mkdir "$part/$ten"
    cp -l "$work"/source/*.jpg "$part/$ten"
  done
done
find "$work/frames" -name '*.jpg' | sort | tail -n +$((frames + 1)) | xargs -r rm

echo "== A run that is killed"
"$tandem/submit.sh" infer --frames "$work/frames" --model "$tandem/src/test/resources/model-cases/bgr255" \
  --output "$work/run" --set output.commit-frames=20000 2>"$work/killed.txt" &
run=$!
commits() { # A commit moves the files of its tasks at once.
  find "$work/run/predictions" -maxdepth 1 -name '*.parquet' 2>/dev/null | sed 's/.*part-[0-9]*-//' | cut -d- -f1-5 | sort -u | wc -l
}
while kill -0 "$run" && [ "$(commits)" -lt 2 ]; do sleep 0.2; done
kill -9 "$run"
wait "$run" || true
cat "$work/killed.txt"
"$tandem/submit.sh" summarize "$work/run" | tail -n 3

echo "== Resumed"
"$tandem/submit.sh" infer --resume "$work/run" | tail -n 3
echo "== The whole"
"$tandem/submit.sh" summarize "$work/run" | tail -n 3
"$tandem/submit.sh" infer --resume "$work/run"
