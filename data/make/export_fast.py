#!/usr/bin/env python3
"""Exports EfficientNet-Lite0 for fast CPUs: fused bfloat16 TorchScript, float32 and int8 ONNX.

Needs Python 3.11 with src/main/python/requirements.txt, and the two packages of export_model.py:

    data/make/quantization_frames.sh calibration-pictures
    PYTHONPATH=unpacked python data/make/export_fast.py calibration-pictures

Writes the three exports and serving.properties to data/models/efficientnet-lite0, and their outputs for
the pictures of src/test/resources/golden. Compares each export, also those of export_model.py, with the
float32 TorchScript on data/frames and data/photos, and writes the agreement to serving.properties.
"""
import pathlib
import sys
import tempfile

import numpy as np
import torch
from PIL import Image

from common import DATA, PHOTOS, square
from export_model import GOLDEN, MODEL, SIDE, Network, original
from tandem_export import agreement, bias, int8, onnx_file, torchscript
from tandem_export.fusion import fuse

NAME = "efficientnet-lite0"
SERVING = """\
# How DJL's own tools load the network. mapLocation: the file is loaded to the device in use.
engine=PyTorch
option.modelName=efficientnet-lite0-fp32
option.mapLocation=true

# The exports. Agreement: share of the untied frames and photos of data/ with the same label as fp32.
# Those of ONNX Runtime are for the CPU, because its CUDA build is not part of Tandem.
exports=fp32,bf16,bf16-fused,onnx-fp32,onnx-int8

{exports}
# In order of preference; the first that suits the processor is used.
default.cpu=bf16-fused,onnx-fp32,fp32
default.gpu=fp32

# What goes in: bytes [N, height, width, 3], RGB. The network itself normalises them.
input=uint8-nhwc
width=224
height=224

# What comes out: float32 [N, 1000], one value for each line of synset.txt, before softmax.
output=logits
"""
# The keys of each export beside its file and its agreement.
EXPORTS = {
    "fp32": {"engine": "pytorch", "precision": "fp32"},
    "bf16": {"engine": "pytorch", "precision": "bf16", "cpu-flags": "avx512_bf16,amx_bf16"},
    "bf16-fused": {"engine": "pytorch", "precision": "bf16", "device": "cpu", "cpu-flags": "avx512_bf16,amx_bf16"},
    "onnx-fp32": {"engine": "onnxruntime", "precision": "fp32", "device": "cpu"},
    "onnx-int8": {"engine": "onnxruntime", "precision": "int8", "device": "cpu",
                  "cpu-flags": "avx512_vnni,avx_vnni,amx_int8"},
}
CROPS = 4
# Of the int8 export these stay float32: together they cause half of the difference, and take little time.
FLOAT = ["/stem/Conv", "/blocks/blocks.0/layers/layers.0/Conv", "/blocks/blocks.0/layers/layers.2/Conv"]


def file_of(name):
    return MODEL / f"{NAME}-{name}{'.onnx' if name.startswith('onnx') else '.pt'}"


def calibration_pictures(folder):
    """The middle squares of frames and photos, and crops of the photos."""
    random = np.random.default_rng(0)
    paths = sorted(pathlib.Path(folder).iterdir())
    pictures = [square(path, SIDE) for path in paths]
    for path in paths:
        if path.name.startswith("photo-"):
            pictures += [crop(path, random) for _ in range(CROPS)]
    return np.stack(pictures)


def crop(path, random):
    picture = Image.open(path).convert("RGB")
    edge = int(min(picture.size) * random.uniform(0.5, 1))
    left, top = random.integers(0, picture.width - edge + 1), random.integers(0, picture.height - edge + 1)
    picture = picture.crop((left, top, left + edge, top + edge)).resize((SIDE, SIDE), Image.BICUBIC)
    return np.array(picture)[:, :: random.choice([-1, 1])]


def batches(pictures):
    return [pictures[start:start + 4] for start in range(0, len(pictures), 4)]


def make(model, calibration):
    example = torch.zeros(2, SIDE, SIDE, 3, dtype=torch.uint8)
    bf16, fp32 = (fuse(Network(model, dtype).eval(), example) for dtype in (torch.bfloat16, torch.float32))
    bias.correct(bf16, fp32, [torch.from_numpy(each) for each in batches(calibration)])
    torchscript.save(torchscript.frozen(bf16, example), file_of("bf16-fused"))
    with tempfile.TemporaryDirectory() as folder:
        # int8 has no embedding, so it is made of a float32 file without one.
        logits_only = pathlib.Path(folder) / "logits.onnx"
        onnx_file.export(Network(model, torch.float32), example, logits_only)
        int8.quantize(logits_only, file_of("onnx-int8"), batches(calibration), FLOAT)
    export_onnx(model, example)


def export_onnx(model, example):
    """Writes the float32 ONNX file, with two outputs: logits, and the embedding, which is what the classifier sees."""
    names = ["pictures", "logits", "embedding"]
    with torch.no_grad():
        torch.onnx.export(
            Network(model, torch.float32, with_embedding=True).eval(), (example,), str(file_of("onnx-fp32")), input_names=names[:1],
            output_names=names[1:], opset_version=onnx_file.OPSET, dynamic_axes={name: {0: "n"} for name in names}, dynamo=False)


def outputs(name, pictures):
    """Runs the written file, as Tandem does."""
    if name.startswith("onnx"):
        session = int8.open_session(str(file_of(name)))
        return np.concatenate([session.run(["logits"], {"pictures": each})[0] for each in batches(pictures)])
    script = torch.jit.load(str(file_of(name)), map_location="cpu")
    with torch.no_grad():
        return np.concatenate([script(torch.from_numpy(each)).numpy() for each in batches(pictures)])


def main(folder):
    make(original(), calibration_pictures(folder))

    golden = np.fromfile(GOLDEN / "inputs.bin", np.uint8).reshape(-1, SIDE, SIDE, 3)
    for name in "bf16-fused", "onnx-fp32", "onnx-int8":
        outputs(name, golden).astype("<f4").tofile(GOLDEN / f"logits-{name}.bin")

    frames = sorted((DATA / "frames").iterdir()) + [DATA / "photos" / name for name in PHOTOS]
    pictures = np.stack([square(path, SIDE) for path in frames])
    expected = outputs("fp32", pictures)
    text = ""
    for name, keys in EXPORTS.items():
        found = agreement.compare(expected, outputs(name, pictures))
        print(f"{name:11s} {found}")
        keys = {"file": file_of(name).name, **keys}
        if name != "fp32":
            keys["agreement"] = f"{found.share:.3f}"
        text += "".join(f"export.{name}.{key}={value}\n" for key, value in keys.items()) + "\n"
    (MODEL / "serving.properties").write_text(SERVING.format(exports=text.rstrip() + "\n"), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
