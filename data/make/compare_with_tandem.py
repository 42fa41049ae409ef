"""Runs Tandem on the pictures of a model folder that random_models.py made, and compares its results with PyTorch's."""
import pathlib
import subprocess
import tempfile
from typing import NamedTuple

import numpy as np
import torch
from torchvision.ops import box_iou

from common import ROOT


# The width or height in pixels up to which a box is none.
SLIVER = 0.01


class Bounds(NamedTuple):
    """The largest differences allowed: for the same pixels, and for those that Tandem decodes and scales; None: not compared."""

    same: float
    own: float | None


class Case(NamedTuple):
    """A model folder with labels, its pictures and the prepared ones, and what PyTorch makes of these by the picture's name."""

    folder: pathlib.Path
    labels: list
    pictures: str
    prepared: str
    expected: dict
    bounds: Bounds


class Difference(NamedTuple):
    """How the result of a picture differs: by how much, and whether it has the same label or boxes; None: it is a tie."""

    most: float
    same: bool | None


def verify(case):
    """Prints how Tandem's results differ from PyTorch's; returns whether that is within the bounds."""
    ways = [("same pixels", case.prepared, ["frames.fit=stretch"], case.bounds.same)]
    if case.bounds.own is not None:
        ways.append(("own pixels", case.pictures, [], case.bounds.own))
    right, texts = True, []
    for way, frames, settings, bound in ways:
        rows = predict(case.folder, frames, settings)
        found = [compare(rows[name], expected, case.labels, bound) for name, expected in case.expected.items()]
        most = max(each.most for each in found)
        counted = [each for each in found if each.same is not None]
        same = sum(each.same for each in counted)
        within = most <= bound and same == len(counted) and len(rows) == len(found)
        right = right and within
        texts.append(f"{way}: {same} of {len(counted)} alike, largest difference {most:.1e} ({'at' if within else 'NOT at'} most {bound:g})")
    lines = (case.folder / "serving.properties").read_text().split()
    print(f"{case.folder.name} ({', '.join(lines)}): {'; '.join(texts)}")
    return right


def predict(model, frames, settings):
    """Runs Tandem; returns the rows by the name of the picture."""
    import pyarrow.parquet  # Only verifying needs it.

    with tempfile.TemporaryDirectory() as work:
        call = [ROOT / "submit.sh", "infer", "--model", model, "--frames", frames, "--output", f"{work}/out"]
        for pair in settings + ["output.top-k=10"]:
            call += ["--set", pair]
        ended = subprocess.run(call, capture_output=True, text=True)
        if ended.returncode != 0:
            raise SystemExit(f"{model}: {ended.stderr}")
        rows = pyarrow.parquet.read_table(f"{work}/out/predictions").to_pylist()
    for row in rows:
        assert row["error"] is None, row["error"]
    return {pathlib.PurePath(row["path"]).stem: row for row in rows}


def compare(row, expected, labels, bound):
    """Compares a row by the columns of its task."""
    if "top_k" in row:
        return compare_labels({each["label"]: each["probability"] for each in row["top_k"]}, expected, labels)
    if "detections" in row:
        return compare_boxes(row["detections"], expected, labels)
    return compare_tensors({each["name"]: each for each in row["tensors"]}, expected, bound)


def compare_labels(found, logits, labels):
    """Compares all probabilities. The best two are a tie if they are closer to each other than Tandem is to PyTorch."""
    expected = torch.softmax(logits[0].double(), 0).numpy()
    most = max(abs(found[label] - probability) for label, probability in zip(labels, expected, strict=True))
    second, first = np.sort(expected)[-2:]
    same = max(found, key=found.get) == labels[expected.argmax()]
    return Difference(most, same if same or first - second > 2 * most else None)


def compare_boxes(found, expected, labels):
    """Pairs each box with that of its label which overlaps most; each is in one pair.

    Boxes beside the picture are cut to nothing, or nearly so: torchvision keeps these, and Tandem those that have an area.
    """
    ours = [(each["label"], torch.tensor([[each[side] for side in ("left", "top", "right", "bottom")]]), each["score"]) for each in found]
    theirs = [(labels[label], box[None], score.item()) for label, box, score in zip(expected["labels"], expected["boxes"], expected["scores"])]
    ours, theirs = ([each for each in some if (each[1][0, 2:] - each[1][0, :2]).min() > SLIVER] for some in (ours, theirs))
    if len(ours) != len(theirs):
        return Difference(1, False)
    most = 0
    for label, box, score in ours:
        overlaps = {i: box_iou(box, other[1]).item() for i, other in enumerate(theirs) if other[0] == label}
        best = max(overlaps, key=overlaps.get, default=None)
        if best is None:
            return Difference(1, False)
        most = max(most, 1 - overlaps[best], abs(score - theirs[best][2]))
        theirs.pop(best)
    return Difference(most, True)


def compare_tensors(found, expected, bound):
    """Compares by the largest error of a tensor, by its largest value."""
    if found.keys() != expected.keys():
        return Difference(float("inf"), False)
    most = 0
    for name, tensor in expected.items():
        values = np.array(found[name]["values"], np.float32).reshape(found[name]["shape"])
        most = max(most, float(np.abs(values - tensor[0].numpy()).max() / tensor.abs().max()))
    return Difference(most, most <= bound)
