#!/usr/bin/env python3
"""Makes what torchvision and Pillow make of a photo, for tests of how a frame meets a model's size.

Writes src/test/resources/golden/framing:
    bilinear-256-224.png, bicubic-342-299.png   Resize(S), then CenterCrop(size), as torchvision's presets do
    letterbox-114.png                           the whole photo in 160 x 160, bars of grey 114
    grey-96.png                                 the middle square, 96 x 96, converted to "L"
"""
import pathlib

from PIL import Image
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "src/test/resources/golden/framing"


def preset(photo, resize, size, mode):
    return F.center_crop(F.resize(photo, resize, interpolation=mode, antialias=True), [size, size])


def main():
    photo = Image.open(ROOT / "data/photos/coffee.png").convert("RGB")
    preset(photo, 256, 224, InterpolationMode.BILINEAR).save(OUT / "bilinear-256-224.png")
    preset(photo, 342, 299, InterpolationMode.BICUBIC).save(OUT / "bicubic-342-299.png")
    width, height = photo.size
    scaled = photo.resize((160, round(160 * height / width)), Image.Resampling.BILINEAR)
    boxed = Image.new("RGB", (160, 160), (114, 114, 114))
    boxed.paste(scaled, (0, (160 - scaled.height) // 2))
    boxed.save(OUT / "letterbox-114.png")
    left = (width - height) // 2
    square = photo.crop((left, 0, left + height, height)).resize((96, 96), Image.Resampling.BILINEAR)
    square.convert("L").save(OUT / "grey-96.png")


if __name__ == "__main__":
    main()
