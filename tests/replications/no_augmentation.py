"""Small rotations, shifts, shears and zooms while training: accuracy on test digits, as they are and changed.

python no_augmentation.py FOLDER_OF_MNIST
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
parser.add_argument("--images", type=int, default=2_000, help="how many to learn from")
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


def warped(images: Tensor, matrices: Tensor) -> Tensor:
    grid = nn.functional.affine_grid(matrices, list(images.shape), align_corners=False)
    return nn.functional.grid_sample(images, grid, align_corners=False)


def turned(degrees: Tensor, shear: Tensor, zoom: Tensor, shift: Tensor) -> Tensor:
    """Matrices (N, 2, 3) for `affine_grid`, whose picture is 2 wide: a shift of 0.2 is a tenth of it."""
    angle, slant = degrees.deg2rad(), shear.deg2rad().tan()
    rows = [angle.cos(), slant - angle.sin(), shift[0] * zoom, angle.sin(), angle.cos(), shift[1] * zoom]
    return torch.stack(rows, 1).view(-1, 2, 3) / zoom.view(-1, 1, 1)


def randomly(images: Tensor) -> Tensor:
    even = torch.rand(5, len(images)) * 2 - 1
    return warped(images, turned(15 * even[0], 15 * even[1], 1 + 0.2 * even[2], 0.2 * even[3:]))


def train(images: Tensor, labels: Tensor, augmented: bool) -> nn.Module:
    model = cnn()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(10):
        for batch in torch.split(torch.randperm(len(images)), 64):
            optimizer.zero_grad()
            seen = randomly(images[batch]) if augmented else images[batch]
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
test, none = test / 255, torch.zeros(len(test))
ways = [(3, 0), (-3, 0), (0, 3), (0, -3)]
shifted = torch.stack([image.roll(ways[place % 4], (1, 2)) for place, image in enumerate(test)])
rotated = warped(test, turned(20 * (torch.arange(len(test)) % 2 * 2 - 1), none, none + 1, torch.stack([none, none])))
shown = {"test images": test, "shifted by 3 pixels": shifted, "rotated by 20 degrees": rotated}
found: dict[tuple[str, bool], list[float]] = {(name, arm): [] for name in (*shown, "gap") for arm in (False, True)}
for seed in range(options.seeds):
    for arm in (False, True):
        torch.manual_seed(seed)
        chosen = torch.randperm(len(pool))[: options.images]
        images, labels = pool[chosen] / 255, pool_labels[chosen]
        model = train(images, labels, arm)
        for name, pictures in shown.items():
            found[name, arm].append(accuracy(model, pictures, test_labels))
        found["gap", arm].append(accuracy(model, images, labels) - found["test images", arm][-1])
for name in (*shown, "gap"):
    report(f"augmentation, {name}", "accuracy", found[name, False], found[name, True])
