#!/usr/bin/python3
"""Makes the pictures in src/test/resources/images that the tests of the image reader use, and the turned TIFFs in twins.

Needs Python 3 with numpy and Pillow (9.4 was used), jpegtran (Debian: libjpeg-turbo-progs), and data/photos/chelsea-cat.png. Run:

    /usr/bin/python3 data/make/test_images.py

All come from the photo of the cat (451 x 300) but for the flat ones.
"""
import io
import struct
import subprocess
import zlib

import numpy as np
from PIL import Image, ImageOps

from common import DATA, TEST_RESOURCES

OUT = TEST_RESOURCES / "images"
TWINS = TEST_RESOURCES / "twins"
ORIENTATION = 0x0112
# For each EXIF orientation, how the upright picture is turned before it is stored.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def odd_webp(picture):
    """A lossless WebP whose picture has an odd number of bytes, and so one of padding behind it."""
    for left in range(picture.width):
        data = io.BytesIO()
        painted = picture.copy()
        painted.paste((200, 100, 50), (left, 0, left + 1, 1))
        painted.save(data, "WEBP", lossless=True, method=0)
        if int.from_bytes(data.getvalue()[16:20], "little") % 2:
            return data.getvalue()
    raise ValueError("no odd size")


def jpeg(picture, **options):
    data = io.BytesIO()
    picture.save(data, "JPEG", **{"quality": 95, **options})
    return data.getvalue()


def turned(picture, orientation):
    """A JPEG stored turned, with the EXIF tag that says so. Viewers show it upright."""
    stored = picture if STORED[orientation] is None else picture.transpose(STORED[orientation])
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    data = jpeg(stored, exif=exif)
    shown = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    assert shown.size == picture.size
    assert np.abs(np.asarray(shown, int) - np.asarray(picture, int)).mean() < 3
    return data


def turned_tiff(picture, orientation):
    """The same as an LZW TIFF."""
    stored = picture if STORED[orientation] is None else picture.transpose(STORED[orientation])
    data = io.BytesIO()
    stored.save(data, "TIFF", compression="tiff_lzw", tiffinfo={ORIENTATION: orientation})
    return data.getvalue()


def png16(picture):
    """A PNG with 16 bits a channel, which Pillow cannot write. Each value is 257 times the 8-bit one."""
    rows = np.asarray(picture).astype(">u2") * 257
    up = rows.astype(">u2").view(np.uint8).reshape(picture.height, -1)
    up = np.concatenate([up[:1], up[1:] - up[:-1]])  # filter 2: the difference to the row above
    body = b"".join(b"\x02" + row.tobytes() for row in up)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", picture.width, picture.height, 16, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(body, 9))
            + chunk(b"IEND", b""))


def huge():
    """12,000 x 9,000 pixels, bands of one colour each, so that the file stays small."""
    bands = np.linspace(0, 255, 9000 // 24).repeat(24)[:, None]
    column = np.concatenate([bands, 255 - bands, np.full_like(bands, 128)], 1).round().astype(np.uint8)
    picture = Image.fromarray(column[:, None]).resize((12000, 9000), Image.NEAREST)
    return jpeg(picture, quality=75, optimize=True)


def claims(data, side):
    """The same JPEG with another width and height in its frame header (SOF0)."""
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", side, side) + data[at + 4:]


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    cat = Image.open(DATA / "photos" / "chelsea-cat.png").convert("RGB")
    small = cat.resize((150, 100), Image.BICUBIC)
    grey = cat.convert("L")

    def put(name, data):
        (OUT / name).write_bytes(data)

    plain = jpeg(cat)
    put("plain.jpg", plain)
    put("cmyk.jpg", jpeg(cat.convert("CMYK")))
    put("grey.jpg", jpeg(grey))
    put("grey-rgb.jpg", jpeg(grey.convert("RGB")))
    cat.save(OUT / "plain.png", optimize=True)
    put("sixteen-bit.png", png16(cat))
    cat.save(OUT / "plain.webp", quality=90)
    put("exif-rotated.jpg", turned(cat, 6))
    for orientation in STORED:
        put(f"exif-{orientation}.jpg", turned(small, orientation))
        (TWINS / f"orientation-{orientation}.tif").write_bytes(turned_tiff(small, orientation))
    small.save(TWINS / "orientation.png")
    odd = odd_webp(small)
    (TWINS / "lossless-odd.webp").write_bytes(odd)
    (TWINS / "lossless-unpadded.webp").write_bytes(odd[:-1])
    (TWINS / "arithmetic.jpg").write_bytes(
        subprocess.run(["jpegtran", "-arithmetic"], input=jpeg(small), capture_output=True, check=True).stdout
    )
    Image.new("RGB", (1, 1), (200, 100, 50)).save(OUT / "one-pixel.png")
    put("huge.jpg", huge())

    png = (OUT / "plain.png").read_bytes()
    put("truncated.jpg", plain[:len(plain) // 2])
    put("truncated-late.jpg", plain[:len(plain) * 95 // 100])
    put("truncated.png", png[:len(png) // 2])
    put("empty.jpg", b"")
    put("text.jpg", b"This is a text file. Only its name says that it is a picture.\n")
    put("claims-60000.jpg", claims(jpeg(small), 60000))


if __name__ == "__main__":
    main()
