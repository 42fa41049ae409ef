#!/usr/bin/env python3
"""Makes src/main/resources/io/tandem/engine/pytorch/bfloat16.pt, which casts to bfloat16. Needs torch 2.7.1.

DJL 0.36.0 cannot name the type bfloat16 to libtorch (its native code ends the process), but passes such
tensors on.
"""
import torch
from torch import Tensor, nn

from common import ROOT
from tandem_export.torchscript import save


class Bfloat16(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.to(torch.bfloat16)


if __name__ == "__main__":
    to = ROOT / "src/main/resources/io/tandem/engine/pytorch"
    to.mkdir(parents=True, exist_ok=True)
    save(torch.jit.script(Bfloat16().eval()), to / "bfloat16.pt")
