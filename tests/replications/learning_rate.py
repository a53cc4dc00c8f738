"""Rates of 1 and of 0.0001 instead of 0.01: a two-layer network by SGD with momentum.

python learning_rate.py FOLDER_OF_MNIST
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


def mlp() -> nn.Sequential:
    hidden = (nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU())
    return nn.Sequential(nn.Flatten(), *hidden, nn.Linear(128, 10))


@torch.no_grad()
def accuracy(model: nn.Module, images: Tensor, labels: Tensor) -> float:
    predicted = torch.cat([model(some).argmax(1) for some in torch.split(images, 1_000)])
    return (predicted == labels).float().mean().item()


def train(images: Tensor, labels: Tensor, rate: float) -> tuple[float, float, float]:
    """Test accuracy, whether the loss rose or was no number at the end, and the epochs until 90 % (11 for never)."""
    model, losses, reached = mlp(), [], 11
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9)
    for epoch in range(1, 11):
        for batch in torch.split(torch.randperm(len(images)), 128):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(images[batch]), labels[batch])
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            losses.append(loss.item())
        reached = min(reached, epoch if accuracy(model, test, test_labels) >= 0.9 else 11)
    has_fallen = float(np.mean(losses[-10:])) < losses[0]  # false of what is no number, too
    return accuracy(model, test, test_labels), float(not has_fallen), float(reached)


pool, pool_labels = load("train")
test, test_labels = (one[:: 10_000 // options.test_images] for one in load("t10k"))
test = (test / 255 - 0.13) / 0.31
metrics = ("test accuracy", "loss rises or is NaN", "epochs to 90 %")
found: dict[float, list[tuple[float, float, float]]] = {0.01: [], 1.0: [], 0.0001: []}
for seed in range(options.seeds):
    for rate in found:
        torch.manual_seed(seed)
        chosen = torch.randperm(len(pool))[: options.images]
        found[rate].append(train((pool[chosen] / 255 - 0.13) / 0.31, pool_labels[chosen], rate))
for rate, place in ((1.0, 0), (1.0, 1), (0.0001, 0), (0.0001, 2)):
    control, treatment = ([run[place] for run in found[each]] for each in (0.01, rate))
    report(f"{rate:g} instead of 0.01, {metrics[place]}", metrics[place], control, treatment)
