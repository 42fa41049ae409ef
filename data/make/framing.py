#!/usr/bin/env python3
"""Makes what torchvision and Pillow make of a photo, for tests of how a frame meets a model's size.

Writes src/test/resources/golden/framing:
    bilinear-256-224.png, bicubic-342-299.png   Resize(S), then CenterCrop(size), as torchvision's presets do
    frame-120-112.png, frame-bicubic-120-112.png    the same of a JPEG of 1280 x 720
    letterbox-114.png                           the whole photo in 160 x 160, bars of grey 114
    aliased-100-96.png                          Resize(100, antialias=False), then CenterCrop(96)
    letterbox-aliased-114.png                   as letterbox-114.png, by OpenCV's INTER_LINEAR, as Ultralytics does
    grey-96.png                                 the middle square, 96 x 96, converted to "L"
"""
import pathlib

import cv2
import numpy
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
    frame = Image.open(ROOT / "data/frames/bigbuckbunny-0040.jpg")
    preset(frame, 120, 112, InterpolationMode.BILINEAR).save(OUT / "frame-120-112.png")
    preset(frame, 120, 112, InterpolationMode.BICUBIC).save(OUT / "frame-bicubic-120-112.png")
    preset(photo, 342, 299, InterpolationMode.BICUBIC).save(OUT / "bicubic-342-299.png")
    width, height = photo.size
    scaled = photo.resize((160, round(160 * height / width)), Image.Resampling.BILINEAR)
    boxed = Image.new("RGB", (160, 160), (114, 114, 114))
    boxed.paste(scaled, (0, (160 - scaled.height) // 2))
    boxed.save(OUT / "letterbox-114.png")
    pixels = F.resize(F.pil_to_tensor(photo), 100, interpolation=InterpolationMode.BILINEAR, antialias=False)
    F.to_pil_image(F.center_crop(pixels, [96, 96])).save(OUT / "aliased-100-96.png")
    small = cv2.resize(numpy.asarray(photo), scaled.size, interpolation=cv2.INTER_LINEAR)
    boxed.paste(Image.fromarray(small), (0, (160 - scaled.height) // 2))
    boxed.save(OUT / "letterbox-aliased-114.png")
    left = (width - height) // 2
    square = photo.crop((left, 0, left + height, height)).resize((96, 96), Image.Resampling.BILINEAR)
    square.convert("L").save(OUT / "grey-96.png")


if __name__ == "__main__":
    main()
