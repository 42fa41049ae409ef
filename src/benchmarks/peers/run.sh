#!/usr/bin/env bash
# Compares Tandem with other implementations, on the same frames, model and cores.
#
#   run.sh FRAMES_DIR OUT.csv
#
# FRAMES_DIR: .jpg files, for example data/frames; they are copied until there are COUNT frames.
# Environment variables:
#   BEFORE    another checkout of Tandem, to compare with this one (default: none)
#   TANDEM    a checkout of Tandem, built or not (default: the checkout of this folder, else ./tandem)
#   COUNT     number of frames (1000); REPS number of interleaved runs of each implementation (3)
#   WORK      folder of the virtual environment and the runs (./peers-work); 12 GB
#   NAMES     the implementations (see bench.py)
# Prints a table of medians (minimum to maximum), and appends a row to OUT.csv for each run.
set -euo pipefail
[ $# -eq 2 ] || { sed -n '2,14p' "$0" | cut -c3- >&2; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
frames=$(cd "$1" && pwd)
csv=$(realpath -m "$2")
WORK=$(realpath -m "${WORK:-peers-work}")
COUNT=${COUNT:-1000}
REPS=${REPS:-3}
TANDEM=${TANDEM:-$(git -C "$here" rev-parse --show-toplevel 2>/dev/null || echo ./tandem)}
TANDEM=$(cd "$TANDEM" && pwd)
[ -x "$TANDEM/submit.sh" ] || { echo "TANDEM=$TANDEM is no checkout of Tandem" >&2; exit 2; }
NAMES=${NAMES:-tandem:ts:fp32:4 ${BEFORE:+before:ts:fp32:4} mp:ts:fp32:4:2 daft:ts:fp32:4:2 threads:ts:fp32:4:2 \
dataloader:ts:fp32:8:2:2 pyspark:ts:fp32:4:2 ray:ts:fp32:4:2 tandem:ts:bf16:4 ${BEFORE:+before:ts:bf16:4} mp:ts:bf16:4:2 \
pyspark:ts:bf16:4:2 tandem:ts:bf16-fused:4 mp:ts:bf16-fused:4:2 tandem:ort:onnx-fp32:4 mp:ort:onnx-fp32:4:2}
mkdir -p "$WORK" "$(dirname "$csv")"

python=$WORK/venv/bin/python
if [ ! -x "$python" ]; then
  python3 -m venv "$WORK/venv"
  "$python" -m pip install -q --no-compile -r "$here/requirements.txt"
fi
"$python" "$here/make_frames.py" "$frames" "$WORK/frames-$COUNT" "$COUNT"
"$TANDEM/submit.sh" --version >&2
[ -z "${BEFORE:-}" ] || "$BEFORE/submit.sh" --version >&2
# The first run on a machine makes a class archive for later runs: see performance.md.
"$TANDEM/submit.sh" infer --frames "$TANDEM/data/photos" --output "$WORK/runs/first-$$" >&2
for _ in $(seq 120); do
  [ -n "$(find "${XDG_CACHE_HOME:-$HOME/.cache}/tandem" -name '*.work' 2>/dev/null)" ] || break
  sleep 1
done

for _ in $(seq "$REPS"); do
  # shellcheck disable=SC2086
  "$python" "$here/bench.py" --tandem "$TANDEM" ${BEFORE:+--before "$BEFORE"} --frames "$WORK/frames-$COUNT" --work "$WORK/runs" \
    --csv "$csv" $NAMES >&2
done
"$python" "$here/table.py" "$csv"
