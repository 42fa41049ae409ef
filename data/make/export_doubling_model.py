"""Makes src/test/resources/models/doubling, which returns the negative of a picture in twice its size, as fast as a test can
wish: export_doubling_model.py (torch)."""
import os

import torch


class Doubling(torch.nn.Module):
    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        return 1 - torch.nn.functional.interpolate(pictures, scale_factor=2.0, mode="bilinear")


to = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../src/test/resources/models/doubling")
os.makedirs(to, exist_ok=True)
traced = torch.jit.trace(Doubling().eval(), torch.rand(1, 3, 8, 8))
assert traced(torch.rand(2, 3, 5, 7)).shape == (2, 3, 10, 14)
traced.save(f"{to}/doubling.pt")
with open(f"{to}/serving.properties", "w") as f:
    f.write("engine=PyTorch\noption.modelName=doubling\ntask=image\ninput=float-nchw\nscale=1/255\nfit=none\n")
    f.write("output.layout=nchw\noutput.range=0..1\noutput.channels=rgb\n")
