#!/usr/bin/python3
"""Makes two small networks for the tests, with the input that most vision networks take.

Needs the same Debian packages as export_model.py, and data/photos and data/frames. Run:

    PYTHONHASHSEED=0 /usr/bin/python3 data/make/export_test_models.py

The fixed hash seed makes the scripted file the same bytes at each run.

Writes to src/test/resources/models:
    mobilenet-float/                 MobileNetV2 (quarter width, 10 labels), traced. Gives logits.
    mobilenet-float-probabilities/   the same network with softmax at its end, scripted.
Each folder has the .pt, serving.properties, synset.txt and a stored case: input.bin is one picture,
uint8 [1, 96, 96, 3] RGB; probabilities.bin is what PyTorch makes of it after torchvision's usual
to_tensor and Normalize, float32 [1, 10], little-endian.

The weights are random (fixed seed). Such a network gives nearly the same values for every picture.
So batch norm is set from a few pictures first, and the last layer is scaled until its values differ.
"""
import numpy as np
import torch
from torch import nn
from torchvision.models import mobilenet_v2
from torchvision.transforms.functional import normalize, to_tensor

from common import DATA, PHOTOS, TEST_RESOURCES, square
from tandem_export.torchscript import save

SIDE = 96
MEAN = [0.485, 0.456, 0.406]
STD = [0.229, 0.224, 0.225]
LABELS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]

SERVING = """\
# How DJL loads the network. mapLocation: the file is loaded to the device in use.
engine=PyTorch
option.modelName={name}
option.mapLocation=true

# What goes in: float32 [N, 3, height, width], RGB, (x / 255 - mean) / std.
input=float-nchw
width=96
height=96
mean=0.485,0.456,0.406
std=0.229,0.224,0.225

# What comes out: float32 [N, 10].
output={output}
"""


def prepared(picture):
    """What one does to a picture for such a network: uint8 [H, W, 3] to float32 [3, H, W]."""
    return normalize(to_tensor(picture), MEAN, STD)


def network(pictures):
    torch.manual_seed(0)
    model = mobilenet_v2(width_mult=0.25, num_classes=len(LABELS), weights=None)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = None  # the plain average of what it sees
    with torch.no_grad():
        model.train()
        model(pictures)
        model.eval()
        logits = model(pictures)
        last = model.classifier[1]
        scale = 2 / logits.std(0)
        last.weight *= scale.unsqueeze(1)
        last.bias.copy_((last.bias - logits.mean(0)) * scale)
    return model


def write(folder, module, output, picture, probabilities):
    folder.mkdir(parents=True, exist_ok=True)
    save(module, folder / f"{folder.name}.pt")
    (folder / "serving.properties").write_text(SERVING.format(name=folder.name, output=output))
    (folder / "synset.txt").write_text("\n".join(LABELS) + "\n")
    picture.tofile(folder / "input.bin")
    probabilities.numpy().astype("<f4").tofile(folder / "probabilities.bin")


def main():
    names = [f"photos/{name}" for name in PHOTOS]
    names += [f"frames/bigbuckbunny-{i:04d}.jpg" for i in (1, 34, 67, 100)]
    raw = [square(DATA / name, SIDE) for name in names]
    pictures = torch.stack([prepared(picture) for picture in raw])
    model = network(pictures)
    picture = raw[0]
    case = prepared(picture).unsqueeze(0)
    with torch.no_grad():
        probabilities = torch.softmax(model(case), 1)
        for name, row in zip(names, torch.softmax(model(pictures), 1)):
            print(f"{name:30s} {LABELS[row.argmax()]:6s} {row.max():.3f}")
        print("case:", [round(p, 4) for p in probabilities[0].tolist()])
        traced = torch.jit.trace(model, case)
        scripted = torch.jit.script(nn.Sequential(model, nn.Softmax(dim=1)).eval())
        folder = TEST_RESOURCES / "models" / "mobilenet-float"
        write(folder, traced, "logits", picture, probabilities)
        write(folder.with_name("mobilenet-float-probabilities"), scripted, "probabilities", picture, probabilities)
        for name in "mobilenet-float", "mobilenet-float-probabilities":
            loaded = torch.jit.load(str(folder.with_name(name) / f"{name}.pt"))
            got = loaded(pictures)
            got = torch.softmax(got, 1) if name == "mobilenet-float" else got
            assert torch.allclose(got, torch.softmax(model(pictures), 1), atol=1e-5)
            assert not any("Dropout" in m.original_name and m.training for m in loaded.modules())


if __name__ == "__main__":
    main()
