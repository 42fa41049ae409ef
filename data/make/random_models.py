#!/usr/bin/env python3
"""Makes model folders of networks that torchvision offers, with random weights, and compares Tandem's results with PyTorch's.

They are for more kinds of networks than are bundled; no test needs them, and they do not belong in git. Needs Python 3.11 with
src/main/python/requirements.txt and, for --verify, pyarrow and a Java as for ./submit.sh:

    PYTHONHASHSEED=0 fast/bin/python data/make/random_models.py [--verify] target/random-models [NAME ...]

Names, all by default: inception_v3 (87 MB), vit (11 MB), retinanet (37 MB), deeplabv3 (44 MB).

Each folder has NAME.pt, serving.properties of at most three lines, and synset.txt: what Tandem loads. Beside them are
    NAME-pictures/      the photos, and some frames
    NAME-prepared/      the same as torchvision's preset scales and cuts them by Pillow: 8 bits, in the network's size

With --verify, ./submit.sh infer predicts both, and compare_with_tandem.py prints a line for each network:
    same pixels     the prepared pictures, which Tandem neither scales nor cuts
    own pixels      the pictures, which Tandem decodes and scales itself
and fails if they differ by more than the bounds at the end of this file.

The weights are random with a fixed seed. Such a network gives nearly the same values for every picture. So batch norm is
set from a few pictures first, and the last layer is scaled until its values differ.
"""
import argparse
import functools
import pathlib
import shutil
import sys

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
from compare_with_tandem import Bounds, Case, verify
from tandem_export.torchscript import save

MEAN = [0.485, 0.456, 0.406]
STD = [0.229, 0.224, 0.225]
LABELS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


FRAMES = ["bigbuckbunny-0010.jpg", "bigbuckbunny-0040.jpg", "bigbuckbunny-0050.jpg", "bigbuckbunny-0090.jpg"]


def pictures():
    """Returns the paths of the photos and frames."""
    return [DATA / "photos" / name for name in PHOTOS] + [DATA / "frames" / name for name in FRAMES]


def preset(resize, side):
    """Returns what torchvision's presets do to a picture: the shorter side to resize, then the middle square of side."""
    return lambda picture: transforms.center_crop(transforms.resize(picture, resize), side)  # Pillow's bilinear filter


def stretched(size):
    """Returns what makes a picture as large as this."""
    return lambda picture: picture.resize(size, Image.BICUBIC)


def prepare(scaled):
    """Returns the pictures scaled to a network's size, by name, and all of them as it takes them, [N, 3, H, W]."""
    found = {path.stem: scaled(Image.open(path).convert("RGB")) for path in pictures()}
    return found, torch.stack([transforms.normalize(transforms.to_tensor(each), MEAN, STD) for each in found.values()])


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


def write(folder, network, lines, labels, prepared, inputs, bounds, results=None):
    """Writes a model folder and its pictures.

    :param results: what the network's outputs for one picture mean; by default the outputs themselves
    :return: what Tandem's results are compared with
    """
    folder.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        traced = torch.jit.freeze(torch.jit.trace(network.eval(), inputs[:2], strict=False))
    save(traced, folder / f"{folder.name}.pt")
    (folder / "serving.properties").write_text("\n".join(lines) + "\n")
    if labels:
        (folder / "synset.txt").write_text("\n".join(labels) + "\n")
    check(folder, network, inputs[:5])
    case = Case(folder, labels, f"{folder}-pictures", f"{folder}-prepared", {}, bounds)
    for each in case.pictures, case.prepared:
        pathlib.Path(each).mkdir(exist_ok=True)
    for path in pictures():
        shutil.copy(path, case.pictures)
    for number, (name, picture) in enumerate(prepared.items()):
        picture.save(f"{case.prepared}/{name}.png")
        with torch.no_grad():
            outputs = network(inputs[number:number + 1])
            case.expected[name] = results(outputs) if results else outputs
    return case


def check(folder, network, batch):
    """Compares the written file with the network on a larger batch."""
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
    prepared, inputs = prepare(preset(342, 299))
    network.eval()
    set_batch_norm(network, lambda: network(inputs))
    scale(network.fc, network(inputs).detach())
    lines = ["preset=torchvision-imagenet", "width=299", "height=299"]
    return write(folder, network, lines, LABELS, prepared, inputs, CLASSIFIER)


def make_vit(folder):
    network = VisionTransformer(image_size=224, patch_size=16, num_layers=6, num_heads=3, hidden_dim=192, mlp_dim=768,
                                num_classes=len(LABELS)).eval()
    nn.init.normal_(network.heads.head.weight)
    prepared, inputs = prepare(preset(256, 224))
    scale(network.heads.head, network(inputs).detach())
    return write(folder, network, ["preset=torchvision-imagenet"], LABELS, prepared, inputs, VIT)


def make_retinanet(folder):
    size, classes = (320, 256), LABELS[:5]
    backbone = mobilenet_backbone(backbone_name="mobilenet_v3_large", weights=None, fpn=True, trainable_layers=6, norm_layer=nn.BatchNorm2d)
    anchors = AnchorGenerator(((32, 40, 51), (64, 81, 102), (128, 161, 203)), ((0.5, 1.0, 2.0),) * 3)
    # As of retinanet_resnet50_fpn_v2: its norm makes the values of all pictures alike.
    head = RetinaNetHead(backbone.out_channels, 9, len(classes), norm_layer=functools.partial(nn.GroupNorm, 32))
    network = RetinaNet(backbone, num_classes=len(classes), anchor_generator=anchors, head=head).eval()
    prepared, batch = prepare(stretched(size))

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
        scale(last, per_channel, mean=-5, std=1)
        boxes = network.head.regression_head.bbox_reg
        nn.init.normal_(boxes.weight)
        per_channel = heads()["bbox_regression"].reshape(len(batch), -1, boxes.out_channels).flatten(0, 1)
        scale(boxes, per_channel, std=0.3)
        features = list(network.backbone(batch[:1]).values())
        places = network.anchor_generator(ImageList(batch[:1], [size[::-1]]), features)
    counts = [each.shape[2] * each.shape[3] * 9 for each in features]

    def boxes_of(results):
        split = {name: list(results[name].split(counts, 1)) for name in ("bbox_regression", "cls_logits")}
        found = network.postprocess_detections(split, [list(places[0].split(counts))], [size[::-1]])[0]
        return {name: found[name] for name in ("boxes", "scores", "labels")}

    lines = ["preset=torchvision-retinanet", f"width={size[0]}", f"height={size[1]}"]
    return write(folder, Heads(network, places[0]), lines, classes, prepared, batch, DETECTOR, boxes_of)


def make_deeplabv3(folder):
    network = deeplabv3_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=len(LABELS), aux_loss=True).eval()
    prepared, inputs = prepare(preset(256, 224))
    set_batch_norm(network, lambda: network(inputs))
    lines = ["preset=torchvision-imagenet", "task=tensor", "output.name=out"]
    return write(folder, Dictionary(network), lines, None, prepared, inputs, TENSOR, lambda outputs: {"out": outputs["out"]})


MAKERS = {"inception_v3": make_inception_v3, "vit": make_vit, "retinanet": make_retinanet, "deeplabv3": make_deeplabv3}

# The largest differences of probabilities and scores, the largest errors of tensors by their largest value, and 1 less the
# smallest overlap (IoU) of boxes. Convolutions with random weights amplify the smallest difference between two decoders, so
# that other pixels say nothing of them.
VIT = Bounds(same=1e-4, own=0.1)
CLASSIFIER = Bounds(same=1e-4, own=None)
TENSOR = Bounds(same=1e-4, own=None)
DETECTOR = Bounds(same=1e-3, own=None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verify", action="store_true", help="run Tandem, and compare")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MAKERS))
    arguments = parser.parse_args()
    cases = []
    for name in arguments.names or MAKERS:
        torch.manual_seed(0)
        cases.append(MAKERS[name](arguments.folder / name))
    if arguments.verify:
        sys.exit(0 if all([verify(case) for case in cases]) else 1)


if __name__ == "__main__":
    main()
