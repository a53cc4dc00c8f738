"""Clipping pixels to [0, 255]: with images of noise in the training data, and with broken pixels in the test images.

python clipping.py FOLDER_OF_MNIST
"""

import argparse
import gzip
import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

# Student's t of a 95 % interval, for 2, 3, ... 12 seeds.
T_95 = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20)

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", type=Path, help="with MNIST's gzipped IDX files")
parser.add_argument("--seeds", type=int, default=8, choices=range(2, 13))
parser.add_argument("--images", type=int, default=5_000, help="how many to learn from")
parser.add_argument("--test-images", type=int, default=10_000)
options = parser.parse_args()


def load(part: str) -> tuple[Tensor, Tensor]:
    files = [gzip.decompress(path.read_bytes()) for path in sorted(options.folder.glob(f"{part}-*.gz"))]
    images, labels = (np.frombuffer(file, np.uint8, offset=16 - 8 * place) for place, file in enumerate(files))
    return torch.tensor(images).view(-1, 1, 28, 28), torch.tensor(labels).long()


def report(comparison: str, unit: str, control: list[float], treatment: list[float]) -> None:
    differences = np.subtract(treatment, control)
    effect, half = differences.mean(), T_95[len(differences) - 2] * differences.std(ddof=1) / len(differences) ** 0.5
    means = {"control": np.mean(control), "treatment": np.mean(treatment), "effect": effect}
    numbers = {**means, "low": effect - half, "high": effect + half}
    rounded = {key: round(float(value), 6) for key, value in numbers.items()}
    print(json.dumps({"comparison": comparison, "unit": unit, **rounded, "n": len(differences)}), flush=True)


def cnn() -> nn.Sequential:
    first = (nn.Conv2d(1, 16, 5, stride=2, padding=2), nn.ReLU())
    second = (nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.ReLU())
    return nn.Sequential(*first, *second, nn.Flatten(), nn.Linear(32 * 7 * 7, 10))


def train(model: nn.Module, images: Tensor, labels: Tensor, epochs: int) -> nn.Module:
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(epochs):
        for batch in torch.split(torch.randperm(len(images)), 64):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(images[batch]), labels[batch])
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    return model.eval()


@torch.no_grad()
def accuracy(model: nn.Module, images: Tensor, labels: Tensor) -> float:
    predicted = torch.cat([model(some).argmax(1) for some in torch.split(images, 1_000)])
    return (predicted == labels).float().mean().item()


pool, pool_labels = load("train")
test, test_labels = (one[:: 10_000 // options.test_images] for one in load("t10k"))
found: dict[str, list[float]] = {"noise": [], "noise, clipped": [], "clean": [], "broken": [], "broken, clipped": []}
for seed in range(options.seeds):
    torch.manual_seed(seed)
    chosen = torch.randperm(len(pool))[: options.images]
    images, labels = pool[chosen].float(), pool_labels[chosen]
    is_noise = (torch.rand(len(images)) < 0.1).view(-1, 1, 1, 1)
    noisy = torch.where(is_noise, torch.randint(0, 256, images.shape).float(), images)
    # A fiftieth of the test images' pixels is broken: anything from -1,000 to 1,000.
    broken = torch.where(torch.rand(test.shape) < 0.02, torch.rand(test.shape) * 2_000 - 1_000, test.float())
    for name, shown in (("noise", noisy), ("noise, clipped", noisy.clamp(0, 255)), ("clean", images)):
        torch.manual_seed(seed)
        model = train(cnn(), (shown / 255 - 0.1307) / 0.3081, labels, 4)
        # The test images' pixels are in [0, 255], too: clipping them is nothing that could be measured.
        found[name].append(accuracy(model, (test / 255 - 0.1307) / 0.3081, test_labels))
    found["broken"].append(accuracy(model, broken / 255, test_labels))
    found["broken, clipped"].append(accuracy(model, broken.clamp(0, 255) / 255, test_labels))
report("clipping MNIST's own pixels", "test accuracy", found["noise"], found["noise, clipped"])
report("without the images of noise", "test accuracy", found["noise"], found["clean"])
report("clipping broken pixels", "test accuracy", found["broken"], found["broken, clipped"])
