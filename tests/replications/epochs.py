"""A two-layer network after 1, 10 and 100 epochs, with true labels and with 20 % wrong ones.

python epochs.py FOLDER_OF_MNIST
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


def mlp() -> nn.Sequential:
    hidden = (nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU())
    return nn.Sequential(nn.Flatten(), *hidden, nn.Linear(128, 10))


@torch.no_grad()
def measure(model: nn.Module, images: Tensor, labels: Tensor) -> tuple[float, float]:
    logits = model(images)
    loss = nn.functional.cross_entropy(logits, labels).item()
    return (logits.argmax(1) == labels).float().mean().item(), loss


def train(images: Tensor, labels: Tensor) -> dict[int, dict[str, float]]:
    """What is measured after the epochs that are looked at; nothing but their number differs between these."""
    model = mlp()
    found: dict[int, dict[str, float]] = {}
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for epoch in range(1, 101):
        for batch in torch.split(torch.randperm(len(images)), 128):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(images[batch]), labels[batch])
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        if epoch in (1, 10, 100):
            (training, _), (accuracy, on_test) = measure(model, images, labels), measure(model, test, test_labels)
            found[epoch] = {"training accuracy": training, "test accuracy": accuracy, "test loss": on_test}
            found[epoch]["gap"] = training - accuracy
    return found


pool, pool_labels = load("train")
test, test_labels = (one[:: 10_000 // options.test_images] for one in load("t10k"))
test = (test / 255 - 0.1307) / 0.3081
clean, noisy = [], []
for seed in range(options.seeds):
    torch.manual_seed(seed)
    chosen = torch.randperm(len(pool))[: options.images]
    images, labels = (pool[chosen] / 255 - 0.1307) / 0.3081, pool_labels[chosen]
    clean.append(train(images, labels))
    is_wrong = torch.rand(len(labels)) < 0.2
    noisy.append(train(images, torch.where(is_wrong, (labels + torch.randint(1, 10, labels.shape)) % 10, labels)))
for runs, epochs, metric, prefix in (
    (clean, 1, "training accuracy", ""), (clean, 1, "test accuracy", ""), (clean, 100, "test loss", ""),
    (clean, 100, "gap", ""), (clean, 100, "test accuracy", ""), (noisy, 100, "test accuracy", "20 % wrong labels, "),
):  # fmt: skip
    control, treatment = ([run[number][metric] for run in runs] for number in (10, epochs))
    report(f"{prefix}{epochs} instead of 10 epochs, {metric}", metric, control, treatment)
