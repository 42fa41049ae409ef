#!/usr/bin/python3
"""Makes the files in src/test/resources/foreign-models: a tiny network as PyTorch and safetensors save it, none of it TorchScript.

Needs Python 3 with torch (2.7.1 was used), safetensors and Pillow. Run:

    python3 data/make/foreign_models.py
"""
import torch
from safetensors.torch import save_file

from common import TEST_RESOURCES

OUT = TEST_RESOURCES / "foreign-models"


def main():
    OUT.mkdir(exist_ok=True)
    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Conv2d(3, 3, 1), torch.nn.Flatten()).eval()
    example = torch.zeros(1, 3, 4, 4)
    torch.export.save(torch.export.export(network, (example,)), OUT / "export.pt2")
    torch.save(network.state_dict(), OUT / "legacy.pt", _use_new_zipfile_serialization=False)
    save_file(network.state_dict(), OUT / "weights.safetensors")


if __name__ == "__main__":
    main()
