"""Quantizes an ONNX model to int8, with biases corrected for what the rounding of weights does on average."""
import pathlib
import tempfile

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

LAYERS = ("Conv", "Gemm")


class Batches(CalibrationDataReader):
    def __init__(self, name, batches):
        self.rest = iter([{name: batch} for batch in batches])

    def get_next(self):
        return next(self.rest, None)


def quantize(source, target, batches, exclude=()):
    """Writes the ONNX file source as an int8 QDQ model, calibrated on batches of its input.

    Weights are int8 per channel, activations uint8: the combination for which x86 CPUs have
    instructions (VNNI). Where they lack them, sums can saturate. The nodes named by exclude stay float32.
    """
    with tempfile.TemporaryDirectory() as folder:
        prepared = str(pathlib.Path(folder) / "prepared.onnx")
        quant_pre_process(str(source), prepared)
        reference = onnx.load(prepared)
        quantize_static(
            prepared, str(target), Batches(reference.graph.input[0].name, batches), quant_format=QuantFormat.QDQ,
            per_channel=True, activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax, nodes_to_exclude=list(exclude))
    quantized = onnx.load(str(target))
    correct_biases(reference, quantized, batches)
    onnx.save(quantized, str(target))


def correct_biases(reference, quantized, batches):
    """Adds to the bias of each layer what its quantization takes from the average of each output channel.

    Layer by layer, so that each correction sees those before it. (Nagel et al., Data-Free
    Quantization Through Weight Equalization and Bias Correction, 2019, section 4.2.)
    """
    originals = {node.name: node for node in reference.graph.node if node.op_type in LAYERS}
    layers = [node for node in quantized.graph.node if node.name in originals and len(node.input) == 3]
    if not layers:
        return
    expected = averages(reference, [originals[node.name].output[0] for node in layers], batches)
    producers = {name: node for node in quantized.graph.node for name in node.output}
    constants = {each.name: each for each in quantized.graph.initializer}
    for node in layers:
        found = averages(quantized, [node.output[0]], batches)[node.output[0]]
        add_to_bias(node.input[2], expected[originals[node.name].output[0]] - found, producers, constants)


def add_to_bias(name, change, producers, constants):
    scale = 1.0
    if name in producers:  # The bias is stored as integers, with a scale for each channel.
        name, scale_name = producers[name].input[:2]
        scale = numpy_helper.to_array(constants[scale_name])
    if name not in constants:
        return
    bias = numpy_helper.to_array(constants[name])
    change = change / scale
    if bias.dtype != np.float32:
        change = np.rint(change)
    constants[name].CopyFrom(numpy_helper.from_array((bias + change).astype(bias.dtype), name))


def averages(model, names, batches):
    """Returns the average of each channel of the named tensors."""
    totals, count = dict.fromkeys(names, 0.0), 0
    for batch, values in zip(batches, inner_values(model, names, batches)):
        for name, value in zip(names, values):
            totals[name] = totals[name] + value.mean(axis=(0, *range(2, value.ndim)), dtype=np.float64) * len(batch)
        count += len(batch)
    return {name: total / count for name, total in totals.items()}


def inner_values(model, names, batches):
    """Yields the values of the named tensors for each batch."""
    part = onnx.ModelProto()
    part.CopyFrom(model)
    del part.graph.output[:]
    part.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in names)
    session = open_session(part.SerializeToString())
    for batch in batches:
        yield session.run(names, {session.get_inputs()[0].name: batch})


def open_session(model, threads=0):
    """Opens an ONNX file, or its bytes, on the CPU; 0 threads: as many as there are cores."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
