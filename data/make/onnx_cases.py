#!/usr/bin/env python3
"""Makes src/test/resources/onnx-cases: tiny ONNX models, most of them bad or unusual. Needs onnx 1.18 and torch 2.7.1.

Each model says which of red, green and blue a picture has most of: the average of each plane / 25.5, so
that a flat picture (200, 100, 50) gives logits 7.843, 3.922, 1.961. README.txt lists the expected results.
"""
import shutil

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from common import TEST_RESOURCES
from tandem_export.torchscript import save

OUT = TEST_RESOURCES / "onnx-cases"
SIDE = 32
WORKS = "works: red .978, green .019, blue .003 for a flat (200, 100, 50)"
INPUT = {"float-nchw": (TensorProto.FLOAT, ["n", 3, SIDE, SIDE]), "uint8-nhwc": (TensorProto.UINT8, ["n", SIDE, SIDE, 3])}


def model(input_type=TensorProto.FLOAT, shape=("n", 3, SIDE, SIDE), extra=(), output_type=TensorProto.FLOAT, opset=17, ir=8,
          more_inputs=(), more_outputs=(), domains=()):
    """The average of each plane, times a constant; extra nodes lie between "logits" and the output "result"."""
    steps, source = [], "pictures"
    if input_type != TensorProto.FLOAT:
        steps.append(helper.make_node("Cast", [source], ["floats"], to=TensorProto.FLOAT))
        source = "floats"
    if shape[-1] == 3:
        steps.append(helper.make_node("Transpose", [source], ["planes"], perm=[0, 3, 1, 2]))
        source = "planes"
    # Float input is on a scale of 0 to 1, bytes are not.
    factor = 10 if input_type in (TensorProto.FLOAT, TensorProto.FLOAT16) else 1 / 25.5
    weights = numpy_helper.from_array(np.eye(3, dtype=np.float32).reshape(3, 3, 1, 1) * np.float32(factor), "weights")
    steps += [helper.make_node("GlobalAveragePool", [source], ["averages"]),
              helper.make_node("Conv", ["averages", "weights"], ["scaled"]),
              helper.make_node("Flatten", ["scaled"], ["logits"]),
              *(extra or [helper.make_node("Identity", ["logits"], ["result"])])]
    rows = shape[0]
    graph = helper.make_graph(
        steps, "planes", [helper.make_tensor_value_info("pictures", input_type, shape), *more_inputs],
        [helper.make_tensor_value_info("result", output_type, [rows, 3]), *more_outputs], [weights])
    imports = [helper.make_opsetid("", opset)] + [helper.make_opsetid(name, 1) for name in domains]
    return helper.make_model(graph, opset_imports=imports, ir_version=ir, producer_name="tandem")


def cast(target):
    return [helper.make_node("Cast", ["logits"], ["result"], to=target)]


def node(name, domain=""):
    return [helper.make_node(name, ["logits"], ["result"], domain=domain)]


def external(location):
    """The plain model with its weights in a file of their own; returns also that file's bytes."""
    made = model()
    weights = made.graph.initializer[0]
    data = weights.raw_data
    weights.ClearField("raw_data")
    weights.data_location = TensorProto.EXTERNAL
    for key, value in {"location": location, "offset": "0", "length": str(len(data))}.items():
        weights.external_data.add(key=key, value=value)
    return made, data


class Planes(torch.nn.Module):
    def forward(self, pictures):
        return pictures.mean([2, 3]) * 10


def write(name, made, expected, input_kind="float-nchw", file="model.onnx", engine="onnxruntime", side=SIDE):
    """Writes a folder and returns its line of README.txt."""
    folder = OUT / name
    folder.mkdir()
    (folder / file).write_bytes(made if isinstance(made, bytes) else made.SerializeToString())
    scale = "mean=0,0,0\nstd=1,1,1\n" if input_kind == "float-nchw" else ""
    (folder / "serving.properties").write_text(
        f"engine={engine}\noption.modelName=model\ninput={input_kind}\nwidth={side}\nheight={side}\n{scale}output=logits\n")
    (folder / "synset.txt").write_text("red\ngreen\nblue\n")
    return f"{name}: {expected}\n"


def cases():
    half = TensorProto.FLOAT16
    plain = model()
    yield "plain", plain, WORKS
    yield "uint8", model(*INPUT["uint8-nhwc"]), WORKS, "uint8-nhwc"
    yield "external-data", external("model.onnx.data")[0], WORKS + "; the weights are in model.onnx.data"
    yield "external-missing", external("missing.data")[0], "refused: its weights are in missing.data, which does not exist"
    yield "external-outside", external("../secret.bin")[0], "refused: its weights are in ../secret.bin, outside the folder"
    yield "external-absolute", external("/etc/hostname")[0], "refused: its weights are at an absolute path, /etc/hostname"
    yield "opset-99", model(opset=99), "refused: opset 99 is newer than ONNX Runtime supports"
    yield "ir-99", model(ir=99), "refused: IR version 99 is newer than ONNX Runtime supports"
    yield "unknown-operator", model(extra=node("NoSuchOp")), "refused: no operator NoSuchOp in the domain ai.onnx"
    yield ("custom-domain", model(extra=node("Custom", "com.example"), domains=["com.example"]),
           "refused: no operator Custom of the domain com.example")
    yield "fixed-batch-1", model(shape=[1, 3, SIDE, SIDE]), WORKS + ", with one picture at a time only"
    yield "fixed-size", model(shape=["n", 3, 48, 48]), "refused: takes 48 x 48, serving.properties says 32 x 32"
    yield "wants-uint8", model(*INPUT["uint8-nhwc"]), "refused: takes uint8 [N, 32, 32, 3], serving.properties says float-nchw"
    second = helper.make_tensor_value_info("second", TensorProto.FLOAT, ["n", 3])
    yield ("two-inputs", model(extra=[helper.make_node("Add", ["logits", "second"], ["result"])], more_inputs=[second]),
           "refused: takes two inputs, pictures and second")
    yield ("two-outputs", model(extra=node("Identity") + [helper.make_node("Neg", ["logits"], ["second"])], more_outputs=[second]),
           "gives two outputs, result (as plain) and second (its negative)")
    yield "float16-output", model(extra=cast(half), output_type=half), WORKS + "; logits are float16"
    yield "float16-input", model(half, ["n", 3, SIDE, SIDE]), WORKS + "; it takes float16"
    yield ("int64-output", model(extra=cast(TensorProto.INT64), output_type=TensorProto.INT64),
           "works: 7, 3, 1 for a flat (200, 100, 50); logits are int64")
    yield "named-pt", plain, "refused: ONNX, named model.pt for PyTorch", "float-nchw", "model.pt", "PyTorch"
    yield "damaged", plain.SerializeToString()[:-60], "refused: a truncated ONNX file"
    yield "empty", b"", "refused: 0 bytes"


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    lines = [write(*case) for case in cases()]
    (OUT / "external-data" / "model.onnx.data").write_bytes(external("")[1])
    # The file that external-outside names exists, so that only the check of the path refuses it.
    (OUT / "secret.bin").write_bytes(external("")[1])

    lines.append(write("torchscript-named-onnx", b"", "refused: TorchScript, named model.onnx for ONNX Runtime"))
    script = torch.jit.trace(Planes(), torch.zeros(1, 3, SIDE, SIDE))
    save(script, OUT / "torchscript-named-onnx" / "model.onnx")
    (OUT / "README.txt").write_text("".join(sorted(lines)))


if __name__ == "__main__":
    main()
