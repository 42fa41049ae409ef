"""The command line of ./submit.sh export. Needs nothing but Python itself."""
import argparse
import sys

KINDS = ("float-nchw", "uint8-nhwc", "uint8-nchw")
NAMES = ("fp32", "bf16", "bf16-fused", "onnx-fp32", "onnx-int8")
DESCRIPTION = "Makes faster exports of a model, and checks their labels."
DEFAULT = "bf16,bf16-fused,onnx-fp32,onnx-int8"
EXAMPLES = """
examples:
  ./submit.sh export --model torchvision:resnet18 --to models/resnet18
  ./submit.sh export --model my_models:classifier --width 224 --height 224 --weights trained.pth
  ./submit.sh export --model models/my-model --exports onnx-int8 --frames /data/frames

Each export is compared with the original on the calibration frames. Frames whose first two probabilities
differ by less than 0.02 are tied; the agreement is the share of the others with the same first label.
Choose frames like those that the model will see: int8 is calibrated on them.
"""


class WrongCall(Exception):
    """Says in one sentence what is wrong with the call."""


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise WrongCall(f"{message}; see ./submit.sh export --help")


def parser():
    made = Parser(prog="./submit.sh export", description=DESCRIPTION, epilog=EXAMPLES,
                  formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--model", required=True, metavar="M", help="MODULE:FUNCTION that returns a torch.nn.Module, an image classifier "
                      "of torchvision, a TorchScript or ONNX file, or a model folder")
    made.add_argument("--to", metavar="FOLDER", help="the model folder to write or extend (default: the model's own, or one of its name)")
    made.add_argument("--exports", metavar="LIST", help=f"which to make (default: those of {DEFAULT} that do not exist)")
    made.add_argument("--frames", metavar="FOLDER", help="image files for calibration, 100 are used (default: the bundled frames)")
    made.add_argument("--weights", metavar="FILE", help="a state dict, saved by torch.save")
    made.add_argument("--width", type=int, metavar="PIXELS")
    made.add_argument("--height", type=int, metavar="PIXELS")
    made.add_argument("--input", choices=KINDS, help="what the model takes (default: float-nchw)")
    made.add_argument("--mean", metavar="R,G,B", help="of float-nchw, on a scale of 0 to 1 (default: 0,0,0)")
    made.add_argument("--std", metavar="R,G,B", help="of float-nchw (default: 1,1,1)")
    made.add_argument("--output", choices=("logits", "probabilities"), help="what the model gives (default: logits)")
    made.add_argument("--yes", action="store_true", help="install what export needs without asking")
    return made


def parse(arguments):
    options = parser().parse_args(arguments)
    options.asked = [name.strip() for name in (options.exports or DEFAULT).split(",") if name.strip()]
    unknown = [name for name in options.asked if name not in NAMES]
    if unknown:
        raise WrongCall(f"--exports {unknown[0]} is none of {', '.join(NAMES)}")
    return options


def print_wrong(wrong):
    print(" ".join(str(wrong).split()), file=sys.stderr)
    return 2


def check(arguments):
    """Returns 100 if the call is correct; argparse ends after --help with 0."""
    try:
        parse(arguments)
    except WrongCall as wrong:
        return print_wrong(wrong)
    return 100


if __name__ == "__main__":
    sys.exit(check(sys.argv[1:]))
