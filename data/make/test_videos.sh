#!/usr/bin/env bash
# Makes src/test/resources/videos: short clips of one film in many codecs and containers, and what FFmpeg decodes of
# them: the MD5 sum of each frame's planes in a .md5 file, by the time in microseconds from the first frame on.
# Needs ffmpeg with libx264, libx265, libvpx, libaom.
set -euo pipefail
data=$(cd "$(dirname "$0")/.." && pwd)
to=$data/../src/test/resources/videos
film=$data/video/bigbuckbunny.mp4
mkdir -p "$to"
rm -f "$to"/*
cd "$to"

# make NAME FILTER OPTIONS...: encodes the first frames of the film.
make() {
  local name=$1 filter=$2
  shift 2
  ffmpeg -v error -y -threads 1 -i "$film" -an -vf "scale=160:90$filter" -threads 1 -fflags +bitexact \
    -flags:v +bitexact -map_metadata -1 "$@" "$name"
}

x264() {
  local name=$1 filter=$2 more=$3
  shift 3
  make "$name" "$filter" -c:v libx264 -crf 28 \
    -x264-params "keyint=12:min-keyint=12:scenecut=0:bframes=3:threads=1$more" "$@"
}

# A keyframe every 12 frames, and pictures that are stored in another order than they are shown.
x264 gop12.mp4 "" "" -frames:v 84 -movflags +faststart
x264 fragments.mp4 "" "" -frames:v 36 -movflags frag_keyframe+empty_moov
for ending in mp4 mkv ts; do
  x264 "open-gop.$ending" "" ":open-gop=1" -frames:v 36
done
make hevc.mp4 "" -frames:v 36 -c:v libx265 -crf 30 \
  -x265-params "keyint=12:min-keyint=12:scenecut=0:log-level=error:pools=1:frame-threads=1"
make vp8.webm "" -frames:v 36 -c:v libvpx -auto-alt-ref 1 -lag-in-frames 16 -g 12 -b:v 100k
make vp9.webm "" -frames:v 36 -c:v libvpx-vp9 -auto-alt-ref 1 -lag-in-frames 16 -g 12 -b:v 100k
make av1.mkv "" -frames:v 24 -c:v libaom-av1 -cpu-used 8 -g 12 -crf 45
make mpeg4.avi "" -frames:v 36 -c:v mpeg4 -bf 2 -g 12 -q:v 6
make mpeg4.mp4 "" -frames:v 36 -c:v mpeg4 -bf 2 -g 12 -q:v 6
make mjpeg.avi "" -frames:v 6 -c:v mjpeg -q:v 8
make mpeg2.mpg "" -frames:v 36 -c:v mpeg2video -bf 2 -g 12 -q:v 8
make prores.mov "" -frames:v 3 -c:v prores_ks -profile:v 0
x264 vfr.mp4 ",select='not(mod(n,3))+not(mod(n,7))'" "" -frames:v 24 -vsync vfr -video_track_timescale 90000
x264 ten-bit.mp4 "" "" -frames:v 6 -pix_fmt yuv420p10le
make alpha.webm ",format=yuva420p" -frames:v 6 -c:v libvpx-vp9 -b:v 100k

# A cut between keyframes, whose first frames are hidden; a start without a keyframe; times that Matroska cannot have.
ffmpeg -v error -y -ss 0.6 -i gop12.mp4 -c copy -frames:v 40 -fflags +bitexact edit-list.mp4
ffmpeg -v error -y -i gop12.mp4 -c copy -frames:v 40 -bsf:v "noise=drop=lt(n\\,5)" -fflags +bitexact no-keyframe.mp4
ffmpeg -v error -y -i gop12.mp4 -c copy -frames:v 30 -output_ts_offset -5 -avoid_negative_ts disabled \
  -fflags +bitexact no-times.mkv

# Pictures that are shown otherwise than they are stored, and colours by their tags.
ffmpeg -v error -y -i gop12.mp4 -c copy -frames:v 12 -metadata:s:v rotate=90 -fflags +bitexact turned.mp4
x264 anamorphic.mp4 ",scale=120:90,setsar=4/3" "" -frames:v 6
colours="scale=160:90:in_color_matrix=bt601:out_color_matrix"
ffmpeg -v error -y -i "$film" -an -vf "$colours=bt709:out_range=tv" -frames:v 6 -c:v libx264 -crf 10 \
  -colorspace bt709 -color_range tv -fflags +bitexact -flags:v +bitexact bt709.mp4
ffmpeg -v error -y -i "$film" -an -vf "$colours=bt601:out_range=pc,format=yuvj420p" -frames:v 6 -c:v libx264 -crf 10 \
  -colorspace smpte170m -color_range pc -fflags +bitexact -flags:v +bitexact full-range.mp4
x264 interlaced.mp4 ",scale=160:96" ":tff=1" -frames:v 6 -flags +ilme+ildct
make hdr.mp4 "" -frames:v 3 -c:v libx265 -pix_fmt yuv420p10le -color_trc smpte2084 -color_primaries bt2020 \
  -colorspace bt2020nc -x265-params "log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"

# Files that are no videos, or not whole ones.
ffmpeg -v error -y -f lavfi -i "sine=d=0.2" -c:a aac -fflags +bitexact audio-only.mp4
ffmpeg -v error -y -f lavfi -i "sine=d=0.2" -i "$data/small/bigbuckbunny-0001.jpg" -map 0 -map 1 -c:a aac -c:v copy \
  -disposition:v:0 attached_pic -fflags +bitexact cover.m4v
ffmpeg -v error -y -i gop12.mp4 -c copy -frames:v 0 -movflags empty_moov -fflags +bitexact no-frames.mp4
printf '#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:3.4,\ngop12.mp4\n#EXT-X-ENDLIST\n' > playlist.mp4
printf "ffconcat version 1.0\nfile 'gop12.mp4'\n" > concat.mkv

for clip in *.mp4 *.mkv *.ts *.webm *.avi *.mpg *.mov; do
  case $clip in audio-only.mp4 | no-frames.mp4 | playlist.mp4 | concat.mkv) continue ;; esac
  ffmpeg -v error -y -i "$clip" -map 0:v:0 -fps_mode passthrough -copyts -f framemd5 -noautorotate "$clip.md5" 2> /dev/null ||
    ffmpeg -v error -y -noautorotate -i "$clip" -map 0:v:0 -vsync passthrough -copyts -f framemd5 "$clip.md5"
  sed -i '/^#\(software\|media\|codec\|dim\|sar\|stream\|format\|version\|hash\|extradata\)/d' "$clip.md5"
done

# The first picture of some, as players show it.
for clip in turned.mp4 anamorphic.mp4 bt709.mp4 full-range.mp4 ten-bit.mp4 alpha.webm; do
  size=160:90
  [ $clip != turned.mp4 ] || size=90:160
  ffmpeg -v error -y -i $clip -frames:v 1 -vf "scale=$size:flags=bilinear+accurate_rnd+full_chroma_int,format=rgb24" \
    -fflags +bitexact "$clip.png"
done
du -sh .
