"""Makes those of src/test/resources/jpegs that have odd sizes and restart markers: test_jpegs.py (Pillow 13)."""
import os

from PIL import Image

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
to = os.path.join(here, "src/test/resources/jpegs")
cat = Image.open(os.path.join(here, "data/photos/chelsea-cat.png")).convert("RGB").crop((0, 0, 299, 199))
cat.save(f"{to}/odd.png")
for name, sampling in (("444", "4:4:4"), ("422", "4:2:2"), ("420", "4:2:0")):
    cat.save(f"{to}/odd-{name}.jpg", quality=95, subsampling=sampling)
cat.save(f"{to}/odd-420-restart.jpg", quality=95, subsampling="4:2:0", restart_marker_blocks=3)
grey = cat.convert("L")
grey.save(f"{to}/odd-grey.png")
grey.save(f"{to}/odd-grey.jpg", quality=95)
