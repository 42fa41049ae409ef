"""The exports that can be made of a model, by name."""
import shutil

import torch

from . import bias, int8, onnx_file, torchscript
from .fusion import NotFusable, fuse, without_batch_norm

BF16_FLAGS = {"cpu-flags": "avx512_bf16,amx_bf16"}
INT8_FLAGS = {"device": "cpu", "cpu-flags": "avx512_vnni,avx_vnni,amx_int8"}
# The keys of each export in serving.properties beside file, engine, precision and agreement.
KEYS = {"fp32": {}, "bf16": BF16_FLAGS, "bf16-fused": {"device": "cpu", **BF16_FLAGS}, "onnx-fp32": {}, "onnx-int8": INT8_FLAGS}
# Batches for the calibration of int8 and of biases: more take longer and gain nothing.
CALIBRATION_BATCHES = 16


class Impossible(Exception):
    """Says why an export cannot be made of this model."""


def is_onnx(name):
    return name.startswith("onnx-")


def precision(name):
    return name.removeprefix("onnx-").removesuffix("-fused")


def make(name, original, batches, target, onnx_fp32):
    """Writes one export to target; onnx_fp32 returns a float32 ONNX file of the model."""
    if is_onnx(name):
        source = onnx_fp32()
        if name == "onnx-int8":
            int8.quantize(source, target, calibration_of(batches))
        elif source.resolve() != target.resolve():
            shutil.copyfile(source, target)
        return
    if original.network is None:
        raise Impossible("an ONNX file has no PyTorch network; only onnx-int8 can be made of it")
    if name == "fp32" and original.scripted:
        shutil.copyfile(original.file, target)
        return
    if original.frozen:
        raise Impossible("the TorchScript file is frozen, so its weights are constants that no longer change their "
                         "precision; give the PyTorch module, or TorchScript that was not frozen")
    example = torch.from_numpy(batches[0])
    network = network_of(name, original, example)
    if name == "bf16-fused":
        calibration = [torch.from_numpy(each) for each in calibration_of(batches)]
        bias.correct(network, torchscript.in_precision(fuse(original.network, example), torch.float32), calibration)
    torchscript.save(torchscript.frozen(network, example), target)


def calibration_of(batches):
    return batches[::-(-len(batches) // CALIBRATION_BATCHES)]


def network_of(name, original, example):
    network = original.network
    dtype = torch.float32 if name == "fp32" else torch.bfloat16
    if name == "bf16-fused":
        if original.scripted:
            raise NotFusable("TorchScript cannot be traced by torch.fx; give the PyTorch module")
        network = fuse(network, example)
    elif not original.scripted:
        network = without_batch_norm(network)
    return torchscript.in_precision(network, dtype)


def onnx_of(original, batches, folder):
    """Returns a float32 ONNX file of the model, which it writes to the folder if there is none."""
    if original.network is None:
        return original.file
    path = folder / "fp32.onnx"
    if not path.exists():
        onnx_file.export(original.network, torch.from_numpy(batches[0]), path)
    return path
