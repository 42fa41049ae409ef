"""Writes ONNX files from PyTorch modules."""
import onnx
import torch

OPSET = 17


def export(module, example, path, names=("pictures", "logits")):
    """Writes a module as one ONNX file, for any batch size."""
    source, result = names
    with torch.no_grad():
        torch.onnx.export(
            module.eval(), (example,), str(path), input_names=[source], output_names=[result], opset_version=OPSET,
            dynamic_axes={source: {0: "n"}, result: {0: "n"}}, dynamo=False)
    onnx.checker.check_model(str(path))
