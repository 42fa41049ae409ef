#!/usr/bin/env python3
"""Makes src/test/resources/detection: outputs of detectors with the boxes that torchvision 0.22.1 makes of them.

The outputs are random (fixed seeds), the boxes are computed by torchvision's own functions: postprocess_detections of its
RetinaNet and SSD, batched_nms and box_convert. Run:

    fast/bin/python data/make/detection_cases.py

Each file is one case: the lines of serving.properties, the outputs, and for each frame its objects, best first, as [label,
score, left, top, right, bottom] in pixels of the model's input. nms.json has boxes, labels and what batched_nms keeps.
The model-cases torchvision-nms and torchvision-roialign are TorchScript that calls operators which libtorch does not have.
"""
import json

import numpy as np
import torch
import torchvision
from torch import Tensor, nn
from torchvision.models.detection import retinanet_resnet50_fpn, ssd300_vgg16
from torchvision.models.detection._utils import BoxCoder
from torchvision.ops import batched_nms, box_convert, clip_boxes_to_image, remove_small_boxes

from common import TEST_RESOURCES
from tandem_export.torchscript import save

OUT = TEST_RESOURCES / "detection"
WIDTH, HEIGHT = 96, 64
LABELS = ["zero", "one", "two", "three", "four"]


def plain(value):
    """Numbers of float32 in their shortest form."""
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return float(str(np.float32(value)))


def tensor(value):
    return {"shape": list(value.shape), "values": plain(value.flatten().tolist())}


def write(name, properties, outputs, frames, labels=LABELS):
    expected = [[[labels[int(label)], *plain([float(score), *box.tolist()])]
                 for label, score, box in zip(found["labels"], found["scores"], found["boxes"])] for found in frames]
    case = {"properties": properties, "width": WIDTH, "height": HEIGHT, "labels": labels,
            "outputs": {key: tensor(value) for key, value in outputs.items()}, "expected": expected}
    (OUT / f"{name}.json").write_text(json.dumps(case) + "\n")
    print(name, [len(each) for each in expected])
    assert all(len(each) > 4 for each in expected)


def random_boxes(count, generator):
    """Boxes xyxy that overlap each other often, some of them over the edge."""
    middle = torch.rand(count, 2, generator=generator) * torch.tensor([WIDTH, HEIGHT])
    size = 16 + 32 * torch.rand(count, 2, generator=generator)
    return torch.cat([middle - size / 2, middle + size / 2], 1)


def largest(found, most):
    """The best objects, without those whose clipped box is empty, which torchvision keeps."""
    keep = remove_small_boxes(found["boxes"], 1e-6)[:most]
    print(len(found["scores"]) - len(remove_small_boxes(found["boxes"], 1e-6)), "empty boxes")
    return {key: value[keep] for key, value in found.items()}


def anchors_case(name, network, coder, properties, classes, generator):
    """A case of a network of torchvision with heads and anchors, for two frames."""
    network.box_coder = coder
    anchors = random_boxes(70, generator)
    logits = 2 * torch.randn(2, 70, classes, generator=generator) - 1.5
    changes = torch.randn(2, 70, 4, generator=generator) * torch.tensor([0.3, 0.3, 0.3, 0.3]) * torch.tensor(coder.weights)
    changes[:, ::17, 2] = 30 * coder.weights[2]  # Wider than the coder permits.
    sizes = [(HEIGHT, WIDTH)] * 2

    def frames():
        if properties.get("scores.activation") == "softmax":
            return network.postprocess_detections({"bbox_regression": changes, "cls_logits": logits}, [anchors] * 2, sizes)
        return network.postprocess_detections({"bbox_regression": [changes], "cls_logits": [logits]}, [[anchors]] * 2, sizes)

    expected = [largest(each, int(properties["top-k"])) for each in frames()]
    network.nms_thresh = 1.0
    without = [largest(each, int(properties["top-k"])) for each in frames()]
    assert all(not torch.equal(a["boxes"], b["boxes"]) for a, b in zip(without, expected))
    write(name, {"output.format": "anchors", **properties}, {"boxes": changes, "scores": logits, "anchors": anchors}, expected)


def retinanet(generator):
    network = retinanet_resnet50_fpn(weights=None, weights_backbone=None, num_classes=5, score_thresh=0.3, nms_thresh=0.4, detections_per_img=1000)
    properties = {"threshold": "0.3", "nms": "0.4", "top-k": "40"}
    anchors_case("retinanet", network, BoxCoder(weights=(1.0, 1.0, 1.0, 1.0)), properties, 5, generator)


def ssd(generator):
    network = ssd300_vgg16(weights=None, weights_backbone=None, num_classes=5, score_thresh=0.1, nms_thresh=0.45, detections_per_img=1000)
    properties = {"threshold": "0.1", "nms": "0.45", "top-k": "60", "scores.activation": "softmax", "background": "first",
                  "box.weights": "10,10,5,5"}
    anchors_case("ssd", network, BoxCoder(weights=(10.0, 10.0, 5.0, 5.0)), properties, 5, generator)


def found(boxes, scores, labels, threshold, nms, most):
    """Keeps the boxes above the threshold by torchvision's batched_nms, clipped to the picture after it."""
    above = scores > threshold
    boxes, scores, labels = boxes[above], scores[above], labels[above]
    keep = batched_nms(boxes, scores, labels, nms)[:most]
    assert nms == 1 or len(batched_nms(boxes, scores, labels, nms)) < len(boxes)
    return {"boxes": clip_boxes_to_image(boxes[keep], (HEIGHT, WIDTH)), "scores": scores[keep], "labels": labels[keep]}


def yolo(generator):
    boxes = torch.stack([random_boxes(80, generator) for _ in range(2)])
    middles = box_convert(boxes, "xyxy", "cxcywh")
    scores = torch.rand(2, 80, 5, generator=generator) ** 2
    objectness = torch.rand(2, 80, 1, generator=generator)
    properties = {"threshold": "0.25", "nms": "0.3"}

    def frames(each):
        best, label = each.max(2)
        return [found(box_convert(middles[i], "cxcywh", "xyxy"), best[i], label[i], 0.25, 0.3, 100) for i in range(2)]

    one = torch.cat([middles, scores], 2)
    write("yolo", {"output.format": "yolo", **properties}, {"output0": one}, frames(scores))
    write("yolo-transposed", {"output.format": "yolo-transposed", **properties}, {"output0": one.transpose(1, 2).contiguous()}, frames(scores))
    write("yolo-objectness", {"output.format": "yolo", "objectness": "true", **properties},
          {"output0": torch.cat([middles, objectness, scores], 2)}, frames(objectness * scores))
    best, label = scores.max(2)
    write("end-to-end", {"output.format": "end-to-end", "threshold": "0.25"},
          {"output0": torch.cat([boxes, best.unsqueeze(2), label.unsqueeze(2).float()], 2)},
          [found(boxes[i], best[i], label[i], 0.25, 1, 100) for i in range(2)])


def boxes_and_scores(generator):
    boxes = torch.stack([random_boxes(60, generator) for _ in range(2)])
    logits = 2 * torch.randn(2, 60, 5, generator=generator)
    shares = torch.tensor([WIDTH, HEIGHT, WIDTH, HEIGHT])
    relative = box_convert(boxes, "xyxy", "cxcywh") / shares
    probabilities = logits.softmax(2)[:, :, :-1]  # The last class is "no object", as in DETR.
    best, label = probabilities.max(2)
    pixels = box_convert(relative, "cxcywh", "xyxy") * shares
    write("detr", {"output.format": "boxes-scores", "output.boxes": "pred_boxes", "output.scores": "pred_logits", "box.format": "cxcywh",
                   "box.units": "relative", "scores.activation": "softmax", "background": "last", "threshold": "0.6", "nms": "1"},
          {"pred_logits": logits, "pred_boxes": relative}, [found(pixels[i], best[i], label[i], 0.6, 1, 100) for i in range(2)])
    scores = torch.rand(2, 60, generator=generator)
    labels = torch.randint(0, 5, (2, 60), generator=generator)
    write("boxes-labels", {"output.format": "boxes-scores", "box.format": "xywh", "threshold": "0.2", "nms": "0.3", "top-k": "25"},
          {"boxes": box_convert(boxes, "xyxy", "xywh"), "labels": labels, "scores": scores},
          [found(box_convert(box_convert(boxes[i], "xyxy", "xywh"), "xywh", "xyxy"), scores[i], labels[i], 0.2, 0.3, 25) for i in range(2)])


def centernet(generator):
    """Local maxima without NMS, as CenterNet's own decoder: its middle is at the cell's corner plus the offset."""
    rows, columns = HEIGHT // 4, WIDTH // 4
    heat = torch.rand(2, 2, rows, columns, generator=generator)
    size = 1 + 8 * torch.rand(2, 2, rows, columns, generator=generator)
    offset = torch.rand(2, 2, rows, columns, generator=generator)
    peaks = nn.functional.max_pool2d(heat, 3, 1, 1) == heat
    frames = []
    for i in range(2):
        label, y, x = torch.where(peaks[i] & (heat[i] > 0.9))
        middle = (torch.stack([x, y], 1) + offset[i][:, y, x].T) * 4
        half = size[i][:, y, x].T * 4 / 2
        boxes = clip_boxes_to_image(torch.cat([middle - half, middle + half], 1), (HEIGHT, WIDTH))
        order = heat[i][label, y, x].argsort(descending=True)
        frames.append({"boxes": boxes[order], "scores": heat[i][label, y, x][order], "labels": label[order]})
    write("centernet", {"output.format": "heatmap", "output.heatmap": "hm", "output.size": "wh", "output.offset": "reg", "threshold": "0.9",
                        "nms": "1", "peaks": "true"}, {"hm": heat, "wh": size, "reg": offset}, frames, LABELS[:2])


def nms(generator):
    boxes = random_boxes(400, generator)
    scores = torch.rand(400, generator=generator).sort(descending=True)[0]
    labels = torch.randint(0, 4, (400,), generator=generator)
    kept = {str(most): batched_nms(boxes, scores, labels, most).tolist() for most in (0.0, 0.3, 0.5, 0.7)}
    case = {"boxes": plain(boxes.flatten().tolist()), "labels": labels.tolist(), "kept": kept}
    (OUT / "nms.json").write_text(json.dumps(case) + "\n")
    print("nms", {most: len(each) for most, each in kept.items()})


class Nms(nn.Module):
    def forward(self, pictures: Tensor):
        boxes = pictures[0].flatten()[:16].reshape(4, 4)
        return boxes[torchvision.ops.nms(boxes, boxes[:, 0], 0.5)]


class RoiAlign(nn.Module):
    def forward(self, pictures: Tensor):
        return torchvision.ops.roi_align(pictures, [pictures[0].flatten()[:16].reshape(4, 4)], 7)


def torchvision_operators():
    for module in Nms(), RoiAlign():
        folder = TEST_RESOURCES / "model-cases" / f"torchvision-{type(module).__name__.lower()}"
        folder.mkdir(exist_ok=True)
        save(torch.jit.script(module.eval()), folder / f"{folder.name}.pt")
        lines = f"option.modelName={folder.name}", "task=detection", "input=float-nchw", "width=32", "height=32", "mean=0,0,0", "std=1,1,1", \
            "output.format=boxes-scores"
        (folder / "serving.properties").write_text("\n".join(lines) + "\n")


def main():
    OUT.mkdir(exist_ok=True)
    for make in retinanet, ssd, yolo, boxes_and_scores, centernet, nms:
        make(torch.Generator().manual_seed(1))
    torchvision_operators()


if __name__ == "__main__":
    main()
