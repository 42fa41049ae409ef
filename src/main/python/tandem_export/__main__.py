"""./submit.sh export: makes faster exports of a model, and checks their labels."""
import pathlib
import sys
import tempfile
import warnings

import torch

from . import agreement, arguments, exports, originals, pictures
from .arguments import WrongCall
from .folder import FILE, ServingProperties
from .fusion import first_line


def names_to_make(options, original, properties):
    """Returns the exports to make; the original's own float32 file comes first."""
    first = "onnx-fp32" if original.network is None else "fp32"
    names = list(dict.fromkeys([first, *options.asked]))
    if options.exports:
        return [name for name in names if name in options.asked or name not in properties.exports()]
    return [name for name in names if name not in properties.exports()]


def folder_of(options, original):
    if options.to:
        return pathlib.Path(options.to)
    path = pathlib.Path(options.model)
    if path.is_dir():
        return path
    beside = path.is_file() and (path.parent / FILE).is_file()
    return path.parent if beside else pathlib.Path(original.name)


def describe(properties, original, folder, name):
    """Adds what a new serving.properties needs besides exports."""
    form = original.input
    if properties.get("input") is None:
        properties.lines += [f"# Made by ./submit.sh export of {original.name}."]
        values = {"engine": "OnnxRuntime" if exports.is_onnx(name) else "PyTorch", "option.modelName": f"{folder.resolve().name}-{name}",
                  "input": form.kind, "width": form.width, "height": form.height}
        if form.kind == "float-nchw":
            values.update(mean=",".join(f"{each:g}" for each in form.mean), std=",".join(f"{each:g}" for each in form.std))
        if form.resize:
            values.update(resize=form.resize, interpolation=form.interpolation)
        values["output"] = "probabilities" if original.probabilities else "logits"
        for key, value in values.items():
            properties.set(key, value)
    if original.labels and not (folder / "synset.txt").exists():
        (folder / "synset.txt").write_text("\n".join(original.labels) + "\n", encoding="utf-8")


def main(options):
    original = originals.load(options)
    folder = folder_of(options, original)
    properties = ServingProperties(folder)
    names = names_to_make(options, original, properties)
    if not names:
        raise WrongCall(f"{folder} has all of these exports already; name those to make again with --exports")
    frames = pictures.read(options.frames, original.input)
    batches = [original.input.batch(frames[i:i + 4]) for i in range(0, len(frames), 4)]
    print(f"{original.name}: {original.input.kind}, {original.input.width} x {original.input.height}, "
          f"compared on {len(frames)} frames", flush=True)
    try:
        expected = original.outputs(batches)
    except Exception as error:  # The user's network may raise anything.
        raise WrongCall(f"the model fails on {original.input.kind} {list(batches[0].shape)}: {first_line(error)}") from error
    made = make_all(names, original, batches, expected, folder, properties)
    if made:
        properties.set_defaults()
        properties.write()
        print(f"{folder}/serving.properties lists {', '.join(properties.exports())}; "
              f"by default on CPUs: {properties.get('default.cpu', 'the first')}")
    return 0 if made else 1


def make_all(names, original, batches, expected, folder, properties):
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    with tempfile.TemporaryDirectory(dir=folder, prefix=".export-") as work:
        work = pathlib.Path(work)
        for name in names:
            file = f"{folder.resolve().name}-{name}{'.onnx' if exports.is_onnx(name) else '.pt'}"
            print(f"{name} ...", flush=True)
            try:
                exports.make(name, original, batches, work / file, lambda: exports.onnx_of(original, batches, work))
                run = originals.onnx_outputs if exports.is_onnx(name) else script_outputs
                found = agreement.compare(expected, run(work / file, batches), original.probabilities)
            except Exception as error:  # Exporters raise anything; the other exports may still succeed.
                print(f"  not made: {first_line(error)}.", flush=True)
                continue
            (work / file).replace(folder / file)
            describe(properties, original, folder, name)
            source = name in ("fp32", "onnx-fp32") and name == names[0]
            properties.add_export(name, file, exports.is_onnx(name), exports.precision(name), exports.KEYS[name],
                                  None if source else found.share)
            print(f"  {file}, {(folder / file).stat().st_size / 1e6:.1f} MB: {found}", flush=True)
            if not source and not properties.keeps_labels(name):
                print("  Labels differ or none was untied, so it is not used by default.", flush=True)
            made.append(name)
    return made


def script_outputs(file, batches):
    return originals.outputs(torch.jit.load(str(file), map_location="cpu"), batches)


if __name__ == "__main__":
    # Of the libraries' warnings, users can act on those about control flow that a trace does not hold.
    warnings.simplefilter("ignore")
    warnings.filterwarnings("default", category=torch.jit.TracerWarning)
    try:
        sys.exit(main(arguments.parse(sys.argv[1:])))
    except WrongCall as wrong:
        sys.exit(arguments.print_wrong(wrong))
