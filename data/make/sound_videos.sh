#!/usr/bin/env bash
# Small videos with sound for the tests of videos that a run writes: with B-frames, of variable frame rate with sound
# that MP4 does not take, and a transport stream that begins ten hours after 0.
set -euo pipefail
cd "$(dirname "$0")/../../src/test/resources/sound-videos"
make() {
  ffmpeg -v error -y "$@"
}
tone=(-f lavfi -i sine=frequency=440:duration=2:sample_rate=8000)
make -f lavfi -i testsrc=size=64x48:rate=30000/1001:duration=2 "${tone[@]}" \
  -c:v mpeg4 -bf 2 -g 12 -q:v 5 -c:a aac -b:a 16k -bitexact bframes-aac.mp4
make -i bframes-aac.mp4 -c:v mpeg2video -bf 2 -q:v 5 -c:a mp2 -ar 16000 -b:a 32k -output_ts_offset 36000 -muxdelay 0 -bitexact late-mp2.ts
make -f lavfi -i "testsrc=size=64x48:rate=25:duration=2,setpts='if(lt(N,20),N*40,800+(N-20)*70)/1000/TB'" "${tone[@]}" \
  -fps_mode passthrough -c:v libvpx-vp9 -crf 50 -b:v 0 -c:a pcm_u8 -bitexact variable-pcm.mkv
