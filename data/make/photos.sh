#!/usr/bin/env bash
# Makes data/photos: four public-domain photos, byte for byte as scikit-image ships them.
#
# Needs: pip, unzip. Run from anywhere:
#   data/make/photos.sh [FOLDER]
# FOLDER is skimage/data of an unpacked scikit-image 0.26.0. Without it the script downloads the wheel
# from PyPI (for CPython 3.11 on Linux x86-64; every wheel of that version has the same pictures).
set -euo pipefail
data=$(cd "$(dirname "$0")/.." && pwd)
from=${1:-}
if [ -z "$from" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  pip download --no-deps --only-binary :all: --python-version 3.11 --implementation cp --abi cp311 \
    --platform manylinux_2_28_x86_64 -d "$work" scikit-image==0.26.0
  unzip -q "$work"/scikit_image-0.26.0-*.whl 'skimage/data/*' -d "$work"
  from=$work/skimage/data
fi
mkdir -p "$data/photos"
install -m 644 "$from/chelsea.png"   "$data/photos/chelsea-cat.png"
install -m 644 "$from/coffee.png"    "$data/photos/coffee.png"
install -m 644 "$from/rocket.jpg"    "$data/photos/rocket.jpg"
install -m 644 "$from/astronaut.png" "$data/photos/astronaut.png"
(cd "$data/photos" && sha256sum -c - <<'SUMS'
596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb  chelsea-cat.png
cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7  coffee.png
c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c  rocket.jpg
88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5  astronaut.png
SUMS
)
