"""Reads calibration frames as a model takes them."""
import dataclasses
import os
import pathlib

import numpy as np
from PIL import Image

from .arguments import WrongCall

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif")
FRAMES = 100


@dataclasses.dataclass(frozen=True)
class InputFormat:
    """What a model takes; mean and standard deviation are on a scale of 0 to 1, for float-nchw only.

    resize: the shorter side before the middle is cut out; 0: the largest middle part.
    """

    kind: str
    width: int
    height: int
    mean: tuple = (0.0, 0.0, 0.0)
    std: tuple = (1.0, 1.0, 1.0)
    resize: int = 0
    interpolation: str = "bilinear"

    def batch(self, pictures):
        """Converts uint8 [N, height, width, 3] RGB."""
        if self.kind == "uint8-nhwc":
            return np.ascontiguousarray(pictures)
        planes = np.ascontiguousarray(pictures.transpose(0, 3, 1, 2))
        if self.kind == "uint8-nchw":
            return planes
        mean, std = (np.array(each, np.float32).reshape(3, 1, 1) for each in (self.mean, self.std))
        return (planes.astype(np.float32) / 255 - mean) / std


def read(folder, form, limit=FRAMES):
    """Returns frames of a folder, evenly chosen: uint8 [N, height, width, 3], RGB."""
    folder = pathlib.Path(folder) if folder else bundled()
    if not folder.is_dir():
        raise WrongCall(f"--frames {folder}: there is no such folder")
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    if not paths:
        raise WrongCall(f"--frames {folder}: it holds no image files")
    chosen = [paths[i * len(paths) // limit] for i in range(limit)] if len(paths) > limit else paths
    frames = []
    for path in chosen:
        try:
            frames.append(crop(path, form))
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            print(f"{path.name} is skipped: {error}", flush=True)
    if not frames:
        raise WrongCall(f"--frames {folder}: none of its image files could be decoded")
    return np.stack(frames)


def bundled():
    return pathlib.Path(os.environ.get("TANDEM_HOME", ".")) / "data" / "frames"


def crop(path, form):
    """The middle part that Tandem scales to the model's input with fit=crop."""
    picture = Image.open(path).convert("RGB")
    width, height = form.width, form.height
    if form.resize:
        side = min(picture.size)
        picture = picture.resize(tuple(form.resize * each // side for each in picture.size), Image.Resampling[form.interpolation.upper()])
        left, top = round((picture.width - width) / 2), round((picture.height - height) / 2)
        return np.array(picture.crop((left, top, left + width, top + height)))
    scale = min(picture.width / width, picture.height / height)
    wide, high = width * scale, height * scale
    left, top = (picture.width - wide) / 2, (picture.height - high) / 2
    return np.array(picture.resize((width, height), Image.BICUBIC, (left, top, left + wide, top + high)))
