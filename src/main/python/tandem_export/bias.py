"""Corrects biases of a network of lower precision for what the rounding of weights does on average."""
import torch
from torch import nn

from .fusion import FusedConvolution


def correct(network, reference, batches):
    """Adds to the bias of each fused convolution what rounding takes from the average of each channel.

    Both are the same network, fused, and the reference is float32. Layer by layer, so that each
    correction sees those before it. (Nagel et al., Data-Free Quantization Through Weight
    Equalization and Bias Correction, 2019, section 4.2.)
    """
    names = [name for name, each in network.named_modules()
             if isinstance(each, FusedConvolution) and each.bias is not None]
    expected = averages(reference, names, batches)
    for name in names:
        layer = network.get_submodule(name)
        change = expected[name] - averages(network, [name], batches)[name]
        layer.bias = nn.Parameter((layer.bias.double() + change).to(layer.bias.dtype), requires_grad=False)


def averages(network, names, batches):
    """Returns the average of each output channel of the named layers."""
    totals = dict.fromkeys(names, 0.0)

    def add(name):
        def hook(layer, inputs, output):
            totals[name] = totals[name] + output.double().mean((2, 3)).sum(0)
        return hook

    hooks = [network.get_submodule(name).register_forward_hook(add(name)) for name in names]
    try:
        with torch.inference_mode():
            for batch in batches:
                network(batch)
    finally:
        for each in hooks:
            each.remove()
    count = sum(len(batch) for batch in batches)
    return {name: total / count for name, total in totals.items()}
