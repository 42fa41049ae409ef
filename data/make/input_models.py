#!/usr/bin/env python3
"""Makes src/test/resources/input-models: models that return their input, for tests of what reaches a model.

Needs onnx 1.18 and torch 2.7.1. echo.pt returns float32 [N, 2 + values]: the index of the input's type in
TYPES, whether the input is contiguous, and the input's values in their order in memory. echo-TYPE.onnx
return [N, values]. grey.pt and grey.onnx take one channel only.
"""
import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from common import TEST_RESOURCES
from tandem_export.torchscript import save

OUT = TEST_RESOURCES / "input-models"
TYPES = {"uint8": TensorProto.UINT8, "float": TensorProto.FLOAT, "float16": TensorProto.FLOAT16}


class Echo(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        kind = -1.0
        if x.dtype == torch.uint8:
            kind = 0.0
        elif x.dtype == torch.float32:
            kind = 1.0
        elif x.dtype == torch.float16:
            kind = 2.0
        elif x.dtype == torch.bfloat16:
            kind = 3.0
        about = torch.tensor([[kind, 1.0 if x.is_contiguous() else 0.0]]).expand(x.shape[0], 2)
        return torch.cat([about, x.to(torch.float32).flatten(1)], 1)


def onnx_echo(kind):
    nodes = [helper.make_node("Cast", ["pictures"], ["floats"], to=TensorProto.FLOAT),
             helper.make_node("Flatten", ["floats"], ["values"])]
    graph = helper.make_graph(
        nodes, "echo", [helper.make_tensor_value_info("pictures", kind, ["n", "a", "b", "c"])],
        [helper.make_tensor_value_info("values", TensorProto.FLOAT, ["n", "values"])])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="tandem")


def onnx_grey():
    weights = numpy_helper.from_array(np.ones((2, 1, 1, 1), np.float32), "weights")
    nodes = [helper.make_node("Conv", ["pictures", "weights"], ["planes"]),
             helper.make_node("GlobalAveragePool", ["planes"], ["averages"]),
             helper.make_node("Flatten", ["averages"], ["values"])]
    graph = helper.make_graph(
        nodes, "grey", [helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["n", 1, "height", "width"])],
        [helper.make_tensor_value_info("values", TensorProto.FLOAT, ["n", 2])], [weights])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="tandem")


class Grey(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 1, bias=False)
        nn.init.ones_(self.conv.weight)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x).mean([2, 3])


def main():
    OUT.mkdir(exist_ok=True)
    save(torch.jit.script(Grey().eval()), OUT / "grey.pt")
    onnx.save(onnx_grey(), str(OUT / "grey.onnx"))
    save(torch.jit.script(Echo().eval()), OUT / "echo.pt")
    for name, kind in TYPES.items():
        onnx.save(onnx_echo(kind), str(OUT / f"echo-{name}.onnx"))


if __name__ == "__main__":
    main()
