"""Shearing by up to 0.1 degrees, as Keras' shear_range=0.1 does: accuracy on digits slanted by 20 degrees.

python keras_shear.py FOLDER_OF_MNIST
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


def slanted(images: Tensor, degrees: Tensor) -> Tensor:
    one, none = torch.ones(len(images)), torch.zeros(len(images))
    matrices = torch.stack([one, degrees.deg2rad().tan(), none, none, one, none], 1).view(-1, 2, 3)
    grid = nn.functional.affine_grid(matrices, list(images.shape), align_corners=False)
    return nn.functional.grid_sample(images, grid, align_corners=False)


def train(images: Tensor, labels: Tensor, degrees: float) -> nn.Module:
    model = cnn()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(4):
        for batch in torch.split(torch.randperm(len(images)), 64):
            seen = images[batch]
            if degrees:
                seen = slanted(seen, (torch.rand(len(batch), generator=own) * 2 - 1) * degrees)
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(seen), labels[batch])
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    return model.eval()


@torch.no_grad()
def accuracy(model: nn.Module, images: Tensor, labels: Tensor) -> float:
    predicted = torch.cat([model(some).argmax(1) for some in torch.split(images, 1_000)])
    return (predicted == labels).float().mean().item()


pool, pool_labels = load("train")
test, test_labels = (one[:: 10_000 // options.test_images] for one in load("t10k"))
test = slanted(test / 255, 20.0 * (torch.arange(len(test)) % 2 * 2 - 1))
found: dict[float, list[float]] = {0.0: [], 0.1: [], 20.0: []}
for seed in range(options.seeds):
    for degrees in found:
        torch.manual_seed(seed)  # the same images, first weights and batches
        own = torch.Generator().manual_seed(seed)
        chosen = torch.randperm(len(pool))[: options.images]
        model = train(pool[chosen] / 255, pool_labels[chosen], degrees)
        found[degrees].append(accuracy(model, test, test_labels))
for degrees in (0.1, 20.0):
    report(f"sheared by up to {degrees:g} degrees, slanted digits", "accuracy", found[0.0], found[degrees])
