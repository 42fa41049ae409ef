"""Loads the model to export: a PyTorch module, a TorchScript file or an ONNX file."""
import dataclasses
import importlib
import pathlib
import sys

import numpy as np
import torch

from . import int8
from .arguments import KINDS, WrongCall
from .folder import ServingProperties
from .fusion import first_line
from .pictures import InputFormat

# Lines of serving.properties on a model's input that this program does not follow, with their usual values.
USUAL = {"preset": (), "channels": ("rgb",), "scale": ("1/255",), "batch": ()}

@dataclasses.dataclass(frozen=True)
class Original:
    """The model to export; network is None for ONNX, file is None for a module."""

    name: str
    input: InputFormat
    network: torch.nn.Module | None = None
    file: pathlib.Path | None = None
    probabilities: bool = False
    labels: tuple = ()

    @property
    def scripted(self):
        return isinstance(self.network, torch.jit.ScriptModule)

    @property
    def frozen(self):
        return self.scripted and next(self.network.parameters(), None) is None and next(self.network.buffers(), None) is None

    def outputs(self, batches):
        return outputs(self.network, batches) if self.network is not None else onnx_outputs(self.file, batches)


def load(options):
    path = pathlib.Path(options.model)
    if path.exists():
        return from_file(path, options)
    if ":" in options.model and not options.model.startswith("torchvision:"):
        return from_function(options)
    return from_torchvision(options)


def from_function(options):
    module_name, function = options.model.split(":", 1)
    sys.path.insert(0, "")
    try:
        network = getattr(importlib.import_module(module_name), function)()
    except Exception as error:  # The user's own code.
        raise WrongCall(f"--model {options.model}: {type(error).__name__}: {first_line(error)}") from error
    if not isinstance(network, torch.nn.Module):
        raise WrongCall(f"--model {options.model} returns {type(network).__name__}, not a torch.nn.Module")
    load_weights(network, options)
    return Original(function, input_format(options), network.eval(), probabilities=options.output == "probabilities")


def load_weights(network, options):
    if not options.weights:
        return
    try:
        network.load_state_dict(torch.load(options.weights, map_location="cpu", weights_only=True))
    except Exception as error:  # torch.load and load_state_dict raise many kinds.
        raise WrongCall(f"--weights {options.weights} does not fit the model: {first_line(error)}") from error


def from_torchvision(options):
    import torchvision

    name = options.model.removeprefix("torchvision:")
    if name not in torchvision.models.list_models(module=torchvision.models):
        raise WrongCall(f"--model {options.model}: there is no such file, no MODULE:FUNCTION, and no image classifier of torchvision")
    weights = torchvision.models.get_model_weights(name).DEFAULT
    torch.manual_seed(0)
    extra = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
    network = torchvision.models.get_model(name, weights=None, **extra).eval()
    if options.weights:
        load_weights(network, options)
    else:
        try:
            network = torchvision.models.get_model(name, weights=weights).eval()
        except OSError as error:
            print(f"The weights are RANDOM: {weights.url} could not be downloaded ({first_line(error)}). "
                  "Give a state dict with --weights FILE.", flush=True)
    presets = weights.transforms()
    side = presets.crop_size[0]
    found = InputFormat("float-nchw", side, side, tuple(presets.mean), tuple(presets.std), presets.resize_size[0],
                        presets.interpolation.value)
    return Original(name, input_format(options, found), network, labels=distinct(weights.meta["categories"]))


def distinct(labels):
    """Adds its number to a label that occurs twice."""
    return tuple(f"{label} ({i})" if labels.count(label) > 1 else label for i, label in enumerate(labels))


def from_file(path, options):
    folder = path if path.is_dir() else path.parent
    properties = ServingProperties(folder)
    for key, usual in USUAL.items():
        if properties.get(key) not in (None, *usual):
            raise WrongCall(f"{folder} has {key}={properties.get(key)} in its serving.properties, which export cannot follow yet")
    file = file_of(folder, properties) if path.is_dir() else path
    name = folder.resolve().name if path.is_dir() else file.stem
    probabilities = (options.output or properties.get("output")) == "probabilities"
    synset = folder / "synset.txt"
    labels = tuple(synset.read_text(encoding="utf-8").splitlines()) if synset.is_file() else ()
    if file.suffix == ".onnx":
        form = input_format(options, onnx_format(file), properties)
        return Original(name, form, file=file, probabilities=probabilities, labels=labels)
    try:
        network = torch.jit.load(str(file), map_location="cpu").eval()
    except Exception as error:  # torch.jit.load raises many kinds.
        raise WrongCall(f"{file} is no TorchScript file that PyTorch {torch.__version__} loads: {first_line(error)}") from error
    return Original(name, input_format(options, None, properties), network, file, probabilities, labels)


def file_of(folder, properties):
    """Returns the file of the float32 export, TorchScript before ONNX."""
    names = [properties.get(f"export.{name}.file") for name in ("fp32", "onnx-fp32")]
    files = [folder / name for name in names if name] or sorted([*folder.glob("*.pt"), *folder.glob("*.onnx")])
    files = [file for file in files if file.is_file()]
    if not files:
        raise WrongCall(f"{folder} holds no float32 TorchScript or ONNX file")
    return files[0]


def onnx_format(file):
    """Returns the input format that an ONNX file declares."""
    try:
        inputs = int8.open_session(str(file)).get_inputs()
    except Exception as error:  # onnxruntime's errors have no common class of their own.
        raise WrongCall(f"ONNX Runtime does not load {file}: {first_line(error)}") from error
    shape = inputs[0].shape
    if len(inputs) != 1 or len(shape) != 4 or inputs[0].type not in ("tensor(float)", "tensor(uint8)"):
        raise WrongCall(f"{file} must take one tensor of four dimensions, float32 or uint8")
    last = shape[3] == 3
    kind = ("uint8-" if "uint8" in inputs[0].type else "float-") + ("nhwc" if last else "nchw")
    high, wide = (shape[1:3] if last else shape[2:4])
    return InputFormat(kind, wide if isinstance(wide, int) else 0, high if isinstance(high, int) else 0)


def input_format(options, found=None, properties=None):
    """Combines the call, serving.properties and what the model itself says, in this order."""
    def value(key, default):
        given = getattr(options, key) or (properties.get(key) if properties else None)
        return given or (getattr(found, "kind" if key == "input" else key) if found else default)

    def three(key, default):
        numbers = value(key, default)
        try:
            numbers = tuple(float(each) for each in (numbers.split(",") if isinstance(numbers, str) else numbers))
        except ValueError:
            numbers = ()
        if len(numbers) != 3:
            raise WrongCall(f"--{key} takes three numbers, such as 0.5,0.5,0.5")
        return numbers

    kind, width, height = value("input", "float-nchw"), int(value("width", 0)), int(value("height", 0))
    if kind not in KINDS:
        raise WrongCall(f"input {kind} is none of {', '.join(KINDS)}")
    if width <= 0 or height <= 0:
        raise WrongCall("the size of the model's input is unknown: give --width and --height")
    def line(key, default):
        return (properties.get(key) if properties else None) or (getattr(found, key) if found else default)

    resize = int(line("resize", 0))
    if resize < max(width, height):  # The call gives a larger size than that of the weights.
        resize = 0
    return InputFormat(kind, width, height, three("mean", (0.0, 0.0, 0.0)), three("std", (1.0, 1.0, 1.0)), resize,
                       line("interpolation", "bilinear"))


def outputs(network, batches):
    with torch.no_grad():
        results = [network(torch.from_numpy(batch)) for batch in batches]
    if not all(isinstance(each, torch.Tensor) and each.dim() == 2 for each in results):
        raise ValueError(f"the output is {type(results[0]).__name__}, not one tensor [N, classes]")
    return torch.cat(results).float().numpy()


def onnx_outputs(file, batches):
    session = int8.open_session(str(file))
    first = session.get_inputs()[0]
    if isinstance(first.shape[0], int):
        batches = [batch[i:i + first.shape[0]] for batch in batches for i in range(0, len(batch), first.shape[0])]
    results = [session.run(None, {first.name: batch})[0] for batch in batches]
    return np.concatenate(results).astype(np.float32)
