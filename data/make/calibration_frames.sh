#!/usr/bin/env bash
# The first 24 frames at 64 x 36, which cost next to nothing to decode: for conf/calibration.conf.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p calibration
for i in $(seq -w 1 24); do
  ffmpeg -v error -y -i "frames/bigbuckbunny-00$i.jpg" -vf scale=64:36:flags=area -q:v 3 \
    "calibration/bigbuckbunny-00$i.jpg"
done
