#!/usr/bin/env bash
# Makes data/small: the 100 frames at 160 x 90, for the model that enlarges frames.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p small
rm -f small/bigbuckbunny-*.jpg
ffmpeg -v error -threads 1 -i frames/bigbuckbunny-%04d.jpg -vf scale=160:90:flags=area+bitexact \
  -c:v mjpeg -threads 1 -qmin 1 -q:v 1 -fflags +bitexact -flags:v +bitexact small/bigbuckbunny-%04d.jpg
ls small | wc -l
