"""Makes src/test/resources/models/planes, which takes uint8 [N, 3, H, W] and says which colour there is most of:
export_planes_model.py (torch)."""
import os

import torch


class Planes(torch.nn.Module):
    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        return pictures.to(torch.float32).mean([2, 3]) / 25.5


to = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../src/test/resources/models/planes")
os.makedirs(to, exist_ok=True)
torch.jit.script(Planes().eval()).save(f"{to}/planes.pt")
with open(f"{to}/serving.properties", "w") as f:
    f.write("engine=PyTorch\noption.modelName=planes\ninput=uint8-nchw\nwidth=32\nheight=24\noutput=logits\n")
with open(f"{to}/synset.txt", "w") as f:
    f.write("red\ngreen\nblue\n")
