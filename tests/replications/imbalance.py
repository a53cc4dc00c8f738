"""Ten fours among 5,000 images instead of 500: how many fours are recognised.

python imbalance.py FOLDER_OF_MNIST
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
def share_predicted(model: nn.Module, images: Tensor, digit: int) -> float:
    return float((model(images).argmax(1) == digit).float().mean())


pool, pool_labels = load("train")
test, test_labels = (one[:: 10_000 // options.test_images] for one in load("t10k"))
fours = test[test_labels == 4] / 255
recall: dict[str, list[float]] = {"even": [], "rare": []}
nines: dict[str, list[float]] = {"even": [], "rare": []}
for seed in range(options.seeds):
    torch.manual_seed(seed)
    order = torch.randperm(len(pool))
    each = [order[pool_labels[order] == digit][: options.images // 10] for digit in range(10)]
    few = [some[: options.images // 500] if digit == 4 else some for digit, some in enumerate(each)]
    for arm, parts in (("even", each), ("rare", few)):
        torch.manual_seed(seed)  # the same first weights
        chosen = torch.cat(parts)
        model = train(cnn(), pool[chosen] / 255, pool_labels[chosen], 4)
        recall[arm].append(share_predicted(model, fours, 4))
        nines[arm].append(share_predicted(model, fours, 9))
report("few fours, recall of fours", "share of the fours", recall["even"], recall["rare"])
report("few fours, fours predicted as 9", "share of the fours", nines["even"], nines["rare"])
