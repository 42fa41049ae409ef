"""Compares the outputs of an export with those of the original model."""
import dataclasses

import numpy as np

# As in Tandem: a frame is tied if its first two probabilities differ by less.
TIE = 0.02


@dataclasses.dataclass(frozen=True)
class Agreement:
    """How many labels are the same, of all frames and of the untied ones, and the largest difference of outputs."""

    frames: int
    same: int
    untied: int
    same_untied: int
    difference: float

    @property
    def share(self):
        return self.same_untied / self.untied if self.untied else None

    def __str__(self):
        untied = f"{self.same_untied} of {self.untied} untied labels" if self.untied else "no untied frame; labels"
        return (f"{untied} the same, {self.same} of {self.frames} of all; "
                f"largest difference {self.difference:.1e} of the largest output")


def compare(expected, actual, probabilities=False):
    """Compares outputs [frames, classes]; the expected ones decide which frames are tied."""
    if actual.shape != expected.shape:
        raise ValueError(f"the output is {list(actual.shape)}, the original's {list(expected.shape)}")
    if not np.isfinite(actual).all():
        raise ValueError("the output has values that are not finite")
    same = expected.argmax(1) == actual.argmax(1)
    untied = margins(expected if probabilities else softmax(expected)) >= TIE
    difference = np.abs(expected - actual).max() / max(np.abs(expected).max(), 1e-30)
    return Agreement(len(expected), int(same.sum()), int(untied.sum()), int((same & untied).sum()), float(difference))


def margins(probabilities):
    if probabilities.shape[1] < 2:
        return np.ones(len(probabilities))
    ordered = np.sort(probabilities, 1)
    return ordered[:, -1] - ordered[:, -2]


def softmax(logits):
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)
