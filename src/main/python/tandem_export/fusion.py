"""Fuses batch norm, activations and additions into the convolutions of a network, for CPUs."""
import functools
import operator

import torch
import torch.nn.functional as F
from torch import fx, nn
from torch.fx.experimental.optimization import fuse as fold_batch_norm
from torch.fx.passes.shape_prop import ShapeProp
from torch.jit import CompilationUnit, annotate  # noqa: F401 (CALLS uses annotate)

ADDITIONS = (operator.add, operator.iadd, torch.add, "add", "add_")
INPLACE_ADDITIONS = (operator.iadd, "add_")
RELU = ("relu", [])
FUNCTIONS = {
    F.relu: RELU, F.relu_: RELU, torch.relu: RELU, torch.relu_: RELU, "relu": RELU, "relu_": RELU,
    F.relu6: ("hardtanh", [0.0, 6.0]), F.silu: ("swish", []), F.hardswish: ("hardswish", []),
}
MODULES = {nn.ReLU: RELU, nn.SiLU: ("swish", []), nn.Hardswish: ("hardswish", [])}

# torch.jit.trace rejects the operators' lists of numbers, so TorchScript's own parser compiles the calls.
CALLS = """
def plain(x: Tensor, weight: Tensor, bias: Optional[Tensor], padding: List[int], stride: List[int],
          dilation: List[int], groups: int) -> Tensor:
    return torch.ops.mkldnn._convolution_pointwise(
        x, weight, bias, padding, stride, dilation, groups, "{name}",
        annotate(List[Optional[number]], {numbers}), "")

def adding(x: Tensor, weight: Tensor, bias: Optional[Tensor], padding: List[int], stride: List[int],
           dilation: List[int], groups: int, other: Tensor) -> Tensor:
    return torch.ops.mkldnn._convolution_pointwise(
        x, other, weight, bias, padding, stride, dilation, groups, "add", 1.0, {unary},
        annotate(List[Optional[number]], {numbers}), "")
"""


class NotFusable(Exception):
    """Says why a network cannot be fused."""


class FusedConvolution(nn.Module):
    """A convolution, then an addition and an activation, in one operator of oneDNN."""

    def __init__(self, conv, activation, adds):
        super().__init__()
        self.weight = nn.Parameter(conv.weight.detach(), requires_grad=False)
        self.bias = None if conv.bias is None else nn.Parameter(conv.bias.detach(), requires_grad=False)
        self.shape = list(conv.padding), list(conv.stride), list(conv.dilation), conv.groups
        name, numbers = activation
        self.activation, self.adds = (name, tuple(numbers)), adds

    def forward(self, x, *other):
        calls = compiled(*self.activation)
        return (calls.adding if self.adds else calls.plain)(x, self.weight, self.bias, *self.shape, *other)


@functools.cache
def compiled(name, numbers):
    unary = "None" if name == "none" else f'"{name}"'
    return CompilationUnit(CALLS.format(name=name, numbers=list(numbers), unary=unary))


def fuse(module, example):
    """Returns a copy of a network whose convolutions are oneDNN's fused operators.

    An addition is fused if both summands have the same shape for the example input.
    """
    try:
        traced = fold_batch_norm(fx.symbolic_trace(module))
        with torch.no_grad():
            ShapeProp(traced).propagate(example)
    except Exception as error:  # Whatever the network's own code raises when it runs on symbols.
        raise NotFusable(f"torch.fx cannot trace it: {first_line(error)}") from error
    convs = [node for node in traced.graph.nodes if is_plain_convolution(node, traced)]
    if not convs:
        raise NotFusable("it has no torch.nn.Conv2d with zero padding (subclasses of it are not fused)")
    order = {node: place for place, node in enumerate(traced.graph.nodes)}
    for node in convs:
        replace(node, traced, order)
    traced.graph.lint()
    traced.recompile()
    return traced


def without_batch_norm(module):
    """Returns a copy whose convolutions hold the batch norm after them; as it is if it cannot be traced."""
    try:
        return fold_batch_norm(fx.symbolic_trace(module))
    except Exception:  # See fuse.
        return module


def first_line(error):
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")


def is_plain_convolution(node, traced):
    if node.op != "call_module":
        return False
    module = traced.get_submodule(node.target)
    return (type(module) is nn.Conv2d and module.padding_mode == "zeros" and not isinstance(module.padding, str)
            and not is_shared(node))


def is_shared(node):
    return sum(each.op == "call_module" and each.target == node.target for each in node.graph.nodes) > 1


def replace(node, traced, order):
    """Replaces a convolution and what directly follows it by one module."""
    chain, other, activation = [node], None, ("none", [])
    follower = only_user(node)
    if follower is not None and is_addition(follower):
        other = other_summand(follower, node, order)
        if other is not None:
            chain.append(follower)
            follower = only_user(follower)
    found = None if follower is None else activation_of(follower, traced)
    # After an addition, oneDNN fuses ReLU only.
    if found is not None and (other is None or found == RELU):
        activation = found
        chain.append(follower)
    traced.set_submodule(node.target, FusedConvolution(traced.get_submodule(node.target), activation, other is not None))
    if len(chain) > 1:
        chain[-1].replace_all_uses_with(node)
    for each in reversed(chain[1:]):
        node.graph.erase_node(each)
    if other is not None:
        node.args = (node.args[0], other)


def only_user(node):
    return next(iter(node.users)) if len(node.users) == 1 else None


def is_addition(node):
    called = node.op in ("call_function", "call_method")
    return called and node.target in ADDITIONS and len(node.args) == 2 and not node.kwargs


def other_summand(addition, node, order):
    """Returns the other summand if the convolution can add it: it exists by then, and is of the same kind."""
    first, second = addition.args
    other = second if first is node else first
    if not isinstance(other, fx.Node) or other is node or order[other] > order[node]:
        return None
    # An addition in place would change the other summand for its later users.
    if addition.target in INPLACE_ADDITIONS and other is first:
        return None
    kinds = [(each.meta["tensor_meta"].shape, each.meta["tensor_meta"].dtype)
             for each in (node, other) if "tensor_meta" in each.meta]
    return other if len(kinds) == 2 and kinds[0] == kinds[1] else None


def activation_of(node, traced):
    """Returns oneDNN's name and numbers of an activation, or None if it does not fuse the node."""
    if node.op == "call_module":
        module = traced.get_submodule(node.target)
        if isinstance(module, nn.Hardtanh):  # ReLU6 is one.
            return ("hardtanh", [float(module.min_val), float(module.max_val)])
        return MODULES.get(type(module))
    return FUNCTIONS.get(node.target) if node.op in ("call_function", "call_method") else None
