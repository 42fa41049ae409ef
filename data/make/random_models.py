#!/usr/bin/env python3
"""Makes model folders of networks that torchvision offers, with random weights, and what PyTorch makes of some pictures.

They are for trying Tandem with more kinds of networks than are bundled; no test needs them, and they do not belong in git.
Needs Python 3.11 with src/main/python/requirements.txt, and data/photos:

    PYTHONHASHSEED=0 fast/bin/python data/make/random_models.py target/random-models [NAME ...]

Names, all by default: inception_v3 (87 MB), vit (11 MB), retinanet (37 MB), deeplabv3 (44 MB).

Each folder has
    NAME.pt, serving.properties, synset.txt     what Tandem loads; retinanet also anchors.bin, float32 [A, 4]
    inputs/*.png                                pictures; for inception_v3 and vit of any size, else of the network's own
    inputs/*.bin                                the same as the network takes them, float32 [1, 3, H, W]
    expected/PICTURE-OUTPUT.bin                 PyTorch's outputs, float32 (labels: int64) little-endian
    expected.json                               the shapes of all of these
For retinanet the expected results are also the boxes, scores and labels that torchvision's own code finds.

The weights are random with a fixed seed. Such a network gives nearly the same values for every picture. So batch norm is
set from a few pictures first, and the last layer is scaled until its values differ.
"""
import functools
import json
import pathlib
import sys

import numpy as np
import torch
from PIL import Image
from torch import nn
from torchvision.models import VisionTransformer, inception_v3
from torchvision.models.detection import RetinaNet
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.backbone_utils import mobilenet_backbone
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.retinanet import RetinaNetHead
from torchvision.models.segmentation import deeplabv3_mobilenet_v3_large
from torchvision.transforms import functional as transforms

from common import DATA, PHOTOS
from tandem_export.torchscript import save

MEAN = [0.485, 0.456, 0.406]
STD = [0.229, 0.224, 0.225]
LABELS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def prepared(picture, side=None, resize=None):
    """What torchvision's presets do to a picture: the shorter side to resize, the middle square of side, normalised."""
    if resize:
        picture = transforms.center_crop(transforms.resize(picture, resize), side)  # Pillow's bilinear filter
    return transforms.normalize(transforms.to_tensor(picture), MEAN, STD).unsqueeze(0)


def photos(size=None):
    """Returns the photos by name; with a size, stretched to it."""
    found = {pathlib.Path(name).stem: Image.open(DATA / "photos" / name).convert("RGB") for name in PHOTOS}
    return {name: each.resize(size, Image.BICUBIC) if size else each for name, each in found.items()}


def set_batch_norm(model, run):
    """Sets the batch norm layers from what they see in one run."""
    norms = [each for each in model.modules() if isinstance(each, nn.BatchNorm2d)]
    for each in norms:
        each.momentum = None  # the plain average of what it sees
        each.reset_running_stats()
        each.train()
    with torch.no_grad():
        run()
    model.eval()


def scale(layer, values, mean=0.0, std=2.0):
    """Scales a layer, so that its values [samples, channels] get this mean and deviation in each channel."""
    factor = std / values.std(0)
    with torch.no_grad():
        layer.weight *= factor.view(-1, *[1] * (layer.weight.dim() - 1))
        layer.bias.copy_((layer.bias - values.mean(0)) * factor + mean)


class Dictionary(nn.Module):
    """A dictionary in place of the ordered one, which TorchScript does not know."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, pictures):
        return dict(self.network(pictures))


class Heads(nn.Module):
    """RetinaNet before it decodes boxes: what its heads give, and the anchors."""

    def __init__(self, network, anchors):
        super().__init__()
        self.backbone, self.head = network.backbone, network.head
        self.register_buffer("anchors", anchors)

    def forward(self, pictures):
        found = self.head(list(self.backbone(pictures).values()))
        return {"bbox_regression": found["bbox_regression"], "cls_logits": found["cls_logits"], "anchors": self.anchors}


def write(folder, network, serving, labels, pictures, inputs, more=None):
    """Writes a model folder; more gives further expected results for an input."""
    for each in "inputs", "expected":
        (folder / each).mkdir(parents=True, exist_ok=True)
    example = torch.cat([next(iter(inputs.values()))] * 2)
    with torch.no_grad():
        traced = torch.jit.freeze(torch.jit.trace(network.eval(), example, strict=False))
    save(traced, folder / f"{folder.name}.pt")
    (folder / "serving.properties").write_text(f"engine=PyTorch\noption.modelName={folder.name}\noption.mapLocation=true\n\n{serving}")
    if labels:
        (folder / "synset.txt").write_text("\n".join(labels) + "\n")
    cases = []
    for name, picture in pictures.items():
        picture.save(folder / "inputs" / f"{name}.png")
        inputs[name].numpy().astype("<f4").tofile(folder / "inputs" / f"{name}.bin")
        with torch.no_grad():
            results = network(inputs[name])
            results = dict(results) if isinstance(results, dict) else {"output": results}
            if more:
                results.update(more(results))
        described = {}
        for output, value in results.items():
            path = folder / "expected" / f"{name}-{output}.bin"
            value.numpy().tofile(path)
            described[output] = {"file": f"expected/{path.name}", "dtype": str(value.numpy().dtype), "shape": list(value.shape)}
        cases.append({"picture": f"inputs/{name}.png", "input": {"file": f"inputs/{name}.bin", "shape": list(inputs[name].shape)},
                      "outputs": described})
    (folder / "expected.json").write_text(json.dumps(cases, indent=1) + "\n")
    check(folder, network, inputs)


def check(folder, network, inputs):
    """Compares the written file with the network on a larger batch."""
    batch = torch.cat(list(inputs.values()) * 2)[:5]
    loaded = torch.jit.load(str(folder / f"{folder.name}.pt"))
    with torch.no_grad():
        expected, actual = network(batch), loaded(batch)
    if not isinstance(expected, dict):
        expected, actual = {"output": expected}, {"output": actual}
    for name, value in expected.items():
        error = ((actual[name] - value).abs().max() / value.abs().max()).item()
        print(f"{folder.name}: {name} {list(value.shape)} differs by {error:.1e} of the largest value")
        assert error < 1e-3  # scaling the last layer scales the rounding of those before
    print(f"{folder.name}: {(folder / f'{folder.name}.pt').stat().st_size / 1e6:.0f} MB")


def make_inception_v3(folder):
    network = inception_v3(weights=None, num_classes=len(LABELS), aux_logits=False, init_weights=False)
    pictures = photos()
    inputs = {name: prepared(each, 299, 342) for name, each in pictures.items()}
    batch = torch.cat(list(inputs.values()))
    network.eval()
    set_batch_norm(network, lambda: network(batch))
    scale(network.fc, network(batch).detach())
    write(folder, network, """\
task=classification
preset=torchvision-imagenet
input=float-nchw
width=299
height=299
fit=crop
resize=342
interpolation=bilinear
antialias=true
output=logits
""", LABELS, pictures, inputs)


def make_vit(folder):
    network = VisionTransformer(image_size=224, patch_size=16, num_layers=6, num_heads=3, hidden_dim=192, mlp_dim=768,
                                num_classes=len(LABELS)).eval()
    nn.init.normal_(network.heads.head.weight)
    pictures = photos()
    inputs = {name: prepared(each, 224, 256) for name, each in pictures.items()}
    scale(network.heads.head, network(torch.cat(list(inputs.values()))).detach())
    write(folder, network, """\
task=classification
input=float-nchw
mean=0.485,0.456,0.406
std=0.229,0.224,0.225
width=224
height=224
fit=crop
resize=256
interpolation=bilinear
antialias=true
output=logits
""", LABELS, pictures, inputs)


def make_retinanet(folder):
    size, classes = (320, 256), LABELS[:5]
    backbone = mobilenet_backbone(backbone_name="mobilenet_v3_large", weights=None, fpn=True, trainable_layers=6, norm_layer=nn.BatchNorm2d)
    anchors = AnchorGenerator(((32, 40, 51), (64, 81, 102), (128, 161, 203)), ((0.5, 1.0, 2.0),) * 3)
    # As of retinanet_resnet50_fpn_v2: its norm makes the values of all pictures alike.
    head = RetinaNetHead(backbone.out_channels, 9, len(classes), norm_layer=functools.partial(nn.GroupNorm, 32))
    network = RetinaNet(backbone, num_classes=len(classes), anchor_generator=anchors, head=head, score_thresh=0.25, nms_thresh=0.45,
                        detections_per_img=100).eval()
    pictures = photos(size)
    inputs = {name: prepared(each) for name, each in pictures.items()}
    batch = torch.cat(list(inputs.values()))

    def heads():
        return network.head(list(network.backbone(batch).values()))

    set_batch_norm(network, heads)
    with torch.no_grad():
        for layer in network.head.classification_head.conv, network.head.regression_head.conv:
            for each in layer.modules():
                if isinstance(each, nn.Conv2d):
                    nn.init.kaiming_normal_(each.weight)  # torchvision's start lets no signal through
        last = network.head.classification_head.cls_logits
        nn.init.normal_(last.weight)
        logits = heads()["cls_logits"]
        per_channel = logits.reshape(len(batch), -1, last.out_channels).flatten(0, 1)
        scale(last, per_channel, mean=-4, std=1)
        boxes = network.head.regression_head.bbox_reg
        nn.init.normal_(boxes.weight)
        per_channel = heads()["bbox_regression"].reshape(len(batch), -1, boxes.out_channels).flatten(0, 1)
        scale(boxes, per_channel, std=0.3)
        features = list(network.backbone(batch[:1]).values())
        places = network.anchor_generator(ImageList(batch[:1], [size[::-1]]), features)
    counts = [each.shape[2] * each.shape[3] * 9 for each in features]
    folder.mkdir(parents=True, exist_ok=True)
    places[0].numpy().astype("<f4").tofile(folder / "anchors.bin")

    def boxes_of(results):
        split = {name: list(results[name].split(counts, 1)) for name in ("bbox_regression", "cls_logits")}
        found = network.postprocess_detections(split, [list(places[0].split(counts))], [size[::-1]])[0]
        return {name: found[name] for name in ("boxes", "scores", "labels")}

    write(folder, Heads(network, places[0]), f"""\
# The anchors are the third output and also in anchors.bin: xyxy in pixels. Box regression as torchvision's BoxCoder has it,
# weights 1, 1, 1, 1; scores are the sigmoid of the logits, and a box can have several labels.
task=detection
input=float-nchw
mean=0.485,0.456,0.406
std=0.229,0.224,0.225
width={size[0]}
height={size[1]}
fit=stretch
output.format=anchors
output.boxes=bbox_regression
output.scores=cls_logits
threshold=0.25
nms=0.45
top-k=100
""", classes, pictures, inputs, boxes_of)


def make_deeplabv3(folder):
    network = deeplabv3_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=len(LABELS), aux_loss=True).eval()
    size = 256, 192
    pictures = photos(size)
    inputs = {name: prepared(each) for name, each in pictures.items()}
    batch = torch.cat(list(inputs.values()))
    set_batch_norm(network, lambda: network(batch))
    write(folder, Dictionary(network), f"""\
task=tensor
input=float-nchw
mean=0.485,0.456,0.406
std=0.229,0.224,0.225
width={size[0]}
height={size[1]}
fit=stretch
output.names=out,aux
""", None, pictures, inputs)


MAKERS = {"inception_v3": make_inception_v3, "vit": make_vit, "retinanet": make_retinanet, "deeplabv3": make_deeplabv3}


def main(folder, *names):
    for name in names or MAKERS:
        torch.manual_seed(0)
        MAKERS[name](pathlib.Path(folder) / name)


if __name__ == "__main__":
    main(*sys.argv[1:])
