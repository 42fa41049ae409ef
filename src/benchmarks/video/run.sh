#!/usr/bin/env bash
# Compares decoding a video to 224 x 224 on one core with the ffmpeg program of the same build of FFmpeg, with one
# thread and the same scaler flags, in turns:
#
#   run.sh CLIP [ROUNDS]   prints the seconds of each round, then medians (minimum to maximum); default 6 rounds
#
# The program converts to planes of RGB and throws them away; Tandem also interleaves them. CORE=N chooses the core.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tandem=$(cd "$here/../../.." && pwd)
clip=$(readlink -f "$1")
core=${CORE:-0}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

unzip -q -o -j "$(ls "$tandem"/target/natives/ffmpeg-*-linux-x86_64.jar)" 'org/bytedeco/ffmpeg/linux-x86_64/*' -d "$work/ffmpeg"
chmod +x "$work/ffmpeg/ffmpeg"
class_path=$(ls "$tandem"/target/tandem-*.jar "$tandem"/target/natives/*.jar | paste -sd:):$tandem/target/spark/jars/*
mkfifo "$work/ask" "$work/answer"
taskset -c "$core" "${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$class_path" \
  "$here/DecodeVideo.java" "$clip" <"$work/ask" >"$work/answer" 2>/dev/null &
exec 3>"$work/ask" 4<"$work/answer"
ours() {
  echo >&3
  read -r seconds <&4
  echo "tandem $seconds"
}
theirs() {
  local from
  from=$(date +%s%N)
  LD_LIBRARY_PATH=$work/ffmpeg taskset -c "$core" "$work/ffmpeg/ffmpeg" -v error -threads 1 -filter_threads 1 -i "$clip" \
    -an -vf "crop=min(iw\,ih):min(iw\,ih),scale=224:224:flags=bilinear+accurate_rnd+full_chroma_int" -pix_fmt gbrp \
    -threads 1 -f rawvideo -y /dev/null
  awk -v a="$from" -v b="$(date +%s%N)" 'BEGIN { printf "ffmpeg %.3f\n", (b - a) / 1e9 }'
}
ours >/dev/null
theirs >/dev/null
for _ in $(seq "${2:-6}"); do
  ours
  theirs
done | tee "$work/times"
exec 3>&-
python3 - "$work/times" <<'PY'
import statistics, sys
rows = {}
for line in open(sys.argv[1]):
    name, seconds = line.split()
    rows.setdefault(name, []).append(float(seconds))
for name, all in rows.items():
    print("%s: %.3f s (%.3f to %.3f)" % (name, statistics.median(all), min(all), max(all)))
ratios = [f / t for t, f in zip(rows["tandem"], rows["ffmpeg"])]
print("speed of tandem / ffmpeg: %.2f (%.2f to %.2f)" % (statistics.median(ratios), min(ratios), max(ratios)))
PY
