"""Traces, freezes and writes TorchScript files."""
import copy
import zipfile

import torch
from torch import nn


class Cast(nn.Module):
    """Runs a network in another precision: casts its input, and its output back to float32."""

    def __init__(self, network, dtype):
        super().__init__()
        self.network, self.dtype = network, dtype

    def forward(self, x):
        x = x.to(self.dtype).contiguous(memory_format=torch.channels_last)
        return self.network(x).to(torch.float32)


class FloatLinear(nn.Module):
    """A linear layer that stays float32: bfloat16 logits are so coarse that labels become equal."""

    def __init__(self, linear):
        super().__init__()
        self.linear = linear

    def forward(self, x):
        return self.linear(x.to(torch.float32))

    def _apply(self, fn, recurse=True):
        return self  # No cast reaches it.


def in_precision(network, dtype):
    """Returns a copy of a network with float32 output that computes in dtype, channels last.

    The last layer stays float32 if it is linear.
    """
    network = copy.deepcopy(network)
    if dtype != torch.float32:
        keep_last_linear(network)
    network = network.to(dtype)
    for each in network.parameters():
        if each.dim() == 4:
            each.data = each.data.contiguous(memory_format=torch.channels_last)
    return Cast(network, dtype).eval()


def keep_last_linear(network):
    name, last = list(network.named_modules())[-1]
    if name and type(last) is nn.Linear:
        network.set_submodule(name, FloatLinear(last))


def frozen(module, example):
    """Traces a module for any batch size, with its weights as constants."""
    with torch.no_grad():
        return torch.jit.freeze(torch.jit.trace(module.eval(), example))


def save(script, path):
    """Writes a TorchScript file without its debug records.

    The debug records name the source files of the exporting machine and nothing needs them to run,
    nor the identifier, a hash over them too.
    The entries keep PyTorch's layout: stored, data aligned to 64 bytes. The time stamps are fixed,
    so that the same weights give the same bytes.
    """
    raw = path.with_suffix(".tmp")
    # The name inside the archive comes from the file name.
    script.save(str(raw))
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as target:
        for entry in source.infolist():
            if entry.filename.endswith((".debug_pkl", "/.data/serialization_id")):
                continue
            copied = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            start = target.fp.tell() + 30 + len(entry.filename.encode()) + 4
            gap = -start % 64
            copied.extra = b"FB" + gap.to_bytes(2, "little") + b"Z" * gap
            target.writestr(copied, source.read(entry))
    raw.unlink()
