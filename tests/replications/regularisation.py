"""Dropout, L2 and L1, each with the strength that has the lowest validation loss: what test loss they save.

python regularisation.py FOLDER_OF_MNIST
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
parser.add_argument("--images", type=int, default=1_000, help="how many to learn from")
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


def train(images: Tensor, labels: Tensor, dropout: float = 0.0, l2: float = 0.0, l1: float = 0.0) -> nn.Module:
    torch.manual_seed(seed)  # the same first weights, whatever holds them
    first = (nn.Linear(784, 256), nn.ReLU(), nn.Dropout(dropout))
    second = (nn.Linear(256, 128), nn.ReLU(), nn.Dropout(dropout))
    model = nn.Sequential(nn.Flatten(), *first, *second, nn.Linear(128, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=l2)
    for _ in range(30):
        for batch in torch.split(torch.randperm(len(images)), 128):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(images[batch]), labels[batch])
            if l1:
                loss = loss + l1 * sum(weights.abs().sum() for weights in model.parameters())
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    return model.eval()


@torch.no_grad()
def loss_of(model: nn.Module, images: Tensor, labels: Tensor) -> float:
    return nn.functional.cross_entropy(model(images), labels).item()


pool, pool_labels = load("train")
test, test_labels = (one[:: 10_000 // options.test_images] for one in load("t10k"))
test = test / 255
strengths = {"dropout": (0.2, 0.5, 0.8), "l2": (1e-4, 1e-3, 1e-2, 0.1), "l1": (1e-5, 1e-4, 1e-3)}
found: dict[str, list[float]] = {"none": [], **{method: [] for method in strengths}}
for seed in range(options.seeds):
    torch.manual_seed(seed)
    order = torch.randperm(len(pool))
    chosen, validates = order[: options.images], order[-2_000:]
    images, labels = pool[chosen] / 255, pool_labels[chosen]
    validation, validation_labels = pool[validates] / 255, pool_labels[validates]
    found["none"].append(loss_of(train(images, labels), test, test_labels))
    for method, values in strengths.items():
        models = [train(images, labels, **{method: value}) for value in values]
        best = min(models, key=lambda one: loss_of(one, validation, validation_labels))
        found[method].append(loss_of(best, test, test_labels))
for method in strengths:
    report(f"{method} of the best strength, test loss", "nats", found["none"], found[method])
