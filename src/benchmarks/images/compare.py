"""Compares the pixels of Decode.java with Pillow's: compare.py LIST FOLDER OUTCOMES. Prints what differs."""
import collections
import pathlib
import sys
import warnings

import numpy
from PIL import Image, ImageOps

warnings.simplefilter("ignore")
Image.MAX_IMAGE_PIXELS = 200_000_000
ALIKE = 3


def pillow(path):
    """Returns the picture turned upright, its middle cut out, scaled to 224 x 224."""
    with Image.open(path) as image:
        image.load()
        if image.mode in ("I;16", "I;16B", "I;16L", "I"):
            image = Image.fromarray((numpy.asarray(image).astype("int64") >> 8).clip(0, 255).astype("uint8"))
        image = ImageOps.exif_transpose(image)
        if image.mode in ("LA", "PA", "La"):
            image = image.convert("RGBA")
        rgb = image.convert("RGBA" if "transparency" in image.info else "RGB").convert("RGB")
        side = min(rgb.size)
        x, y = ((size - side + 1) // 2 if size > side else 0 for size in rgb.size)
        box = (min(x, (rgb.width - 1) // 2), min(y, (rgb.height - 1) // 2))
        cut = rgb.crop((*box, rgb.width - box[0], rgb.height - box[1]))
        return numpy.asarray(cut.resize((224, 224), Image.Resampling.BILINEAR), dtype="int16")


def main():
    names = pathlib.Path(sys.argv[1]).read_text().splitlines()
    counts = collections.Counter()
    for line in pathlib.Path(sys.argv[3]).read_text().splitlines():
        number, outcome = line.split("\t", 1)
        name = names[int(number)]
        try:
            right = pillow(name)
        except Exception as error:  # Pillow raises what it likes.
            right = None
            why = f"{type(error).__name__}: {error}".splitlines()[0][:80]
        if outcome != "ok":
            kind = "both refuse" if right is None else "only Pillow reads it"
            detail = outcome
        elif right is None:
            kind, detail = "only Tandem reads it", why
        else:
            got = numpy.frombuffer(pathlib.Path(sys.argv[2], number + ".rgb").read_bytes(), dtype="uint8")
            difference = numpy.abs(got.reshape(224, 224, 3).astype("int16") - right).mean()
            kind = "alike" if difference < ALIKE else "differ"
            detail = f"{difference:.1f} of 255"
        counts[kind] += 1
        if kind not in ("alike", "both refuse"):
            print(f"{kind}\t{name}\t{detail}")
    print(", ".join(f"{kind}: {count}" for kind, count in counts.most_common()), f"of {len(names)} files")


main()
