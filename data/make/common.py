"""Small helpers shared by the scripts in this folder."""
import pathlib
import zipfile

import numpy as np
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
TEST_RESOURCES = ROOT / "src" / "test" / "resources"
PHOTOS = ["chelsea-cat.png", "coffee.png", "rocket.jpg", "astronaut.png"]


def square(path, side):
    """The middle square of a picture, resized: uint8 [side, side, 3], RGB."""
    picture = Image.open(path).convert("RGB")
    edge = min(picture.size)
    left, top = (picture.width - edge) // 2, (picture.height - edge) // 2
    picture = picture.crop((left, top, left + edge, top + edge))
    return np.array(picture.resize((side, side), Image.BICUBIC))


def save_torchscript(module, path):
    """Writes a TorchScript file without its debug records.

    The debug records name the source files of the exporting machine and nothing needs them to run.
    The entries keep PyTorch's layout: stored, data aligned to 64 bytes. The time stamps are fixed,
    so that the same weights give the same bytes.
    """
    raw = path.with_suffix(".tmp")
    # The name inside the archive comes from the file name.
    module.save(str(raw))
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as target:
        for entry in source.infolist():
            if entry.filename.endswith(".debug_pkl"):
                continue
            copy = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            start = target.fp.tell() + 30 + len(entry.filename.encode()) + 4
            gap = -start % 64
            copy.extra = b"FB" + gap.to_bytes(2, "little") + b"Z" * gap
            target.writestr(copy, source.read(entry))
    raw.unlink()
