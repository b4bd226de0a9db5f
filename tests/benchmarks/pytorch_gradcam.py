"""Grad-CAM of one stage by pytorch-grad-cam; for an environment of its own.

`tests.benchmarks.passes` runs this file with the Python of that environment, which needs torch,
torchvision and grad-cam. It answers each line with the milliseconds that a map took, of the last
stage of torchvision's ResNet-50 with six classes and random weights, on a picture of 64x64 pixels.
"""

import sys
import time

import torch
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from torchvision.models import resnet50


def main() -> None:
    torch.manual_seed(0)
    model = resnet50(num_classes=6).eval()
    picture = torch.rand(1, 3, 64, 64)
    with GradCAM(model, target_layers=[model.layer4[-1]]) as explain:
        for _ in sys.stdin:
            began = time.perf_counter()
            explain(picture, targets=[ClassifierOutputTarget(3)])
            print(1000 * (time.perf_counter() - began), flush=True)


if __name__ == "__main__":
    main()
