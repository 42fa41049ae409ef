"""Small helpers shared by the scripts in this folder."""
import pathlib
import sys

import numpy as np
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
TEST_RESOURCES = ROOT / "src" / "test" / "resources"
# The exports' code, which ./submit.sh export uses too.
sys.path.insert(0, str(ROOT / "src" / "main" / "python"))
PHOTOS = ["chelsea-cat.png", "coffee.png", "rocket.jpg", "astronaut.png"]


def square(path, side):
    """The middle square of a picture, resized: uint8 [side, side, 3], RGB."""
    picture = Image.open(path).convert("RGB")
    edge = min(picture.size)
    left, top = (picture.width - edge) // 2, (picture.height - edge) // 2
    picture = picture.crop((left, top, left + edge, top + edge))
    return np.array(picture.resize((side, side), Image.BICUBIC))
