"""Digits moved by 2 pixels: what that costs a small CNN and a two-layer network.

python centring.py FOLDER_OF_MNIST
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


def mlp() -> nn.Sequential:
    hidden = (nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU())
    return nn.Sequential(nn.Flatten(), *hidden, nn.Linear(128, 10))


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


def moved(images: Tensor) -> Tensor:
    """Each by about 2 pixels, in one of twelve directions; MNIST's digits have that much room at every edge."""
    steps = [(y, x) for y in range(-2, 3) for x in range(-2, 3) if round((y * y + x * x) ** 0.5) == 2]
    ways = torch.randint(len(steps), (len(images),)).tolist()
    return torch.stack([one.roll(steps[way], (1, 2)) for one, way in zip(images, ways, strict=True)])


pool, pool_labels = load("train")
test, test_labels = (one[:: 10_000 // options.test_images] for one in load("t10k"))
test = test / 255
for name, build, epochs in (("small CNN", cnn, 4), ("two-layer network", mlp, 4)):
    centred, off = [], []
    for seed in range(options.seeds):
        torch.manual_seed(seed)
        chosen = torch.randperm(len(pool))[: options.images]
        model = train(build(), pool[chosen] / 255, pool_labels[chosen], epochs)
        centred.append(accuracy(model, test, test_labels))
        off.append(accuracy(model, moved(test), test_labels))
    report(f"2 pixels off, {name}", "test accuracy", centred, off)
