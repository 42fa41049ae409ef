"""Makes src/test/resources/models/fatal, which takes uint8 [N, 3, H, W], says which colour there is most of, and ends its
process by a segmentation fault if a picture has one shade of violet: export_fatal_model.py (torch)."""
import os

import torch


class Fatal(torch.nn.Module):
    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        means = pictures.to(torch.float32).mean([2, 3])
        red, green, blue = means.unbind(1)
        if bool(((red - 185).abs() + (green - 65).abs() + (blue - 205).abs() < 5).any()):
            # A length beyond the data, which "unsafe" does not check; of no constants, which would be folded at once.
            lengths = red[:1].to(torch.int64) + (1 << 34)
            means = means + torch.segment_reduce(red, "sum", lengths=lengths, unsafe=True)
        return means / 25.5


to = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../src/test/resources/models/fatal")
os.makedirs(to, exist_ok=True)
torch.jit.script(Fatal().eval()).save(f"{to}/fatal.pt")
with open(f"{to}/serving.properties", "w") as f:
    f.write("engine=PyTorch\noption.modelName=fatal\ninput=uint8-nchw\nwidth=32\nheight=24\noutput=logits\n")
with open(f"{to}/synset.txt", "w") as f:
    f.write("red\ngreen\nblue\n")
