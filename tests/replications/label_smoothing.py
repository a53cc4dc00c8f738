"""Label smoothing 0.1: calibration error of an overconfident network and of a well calibrated one.

python label_smoothing.py FOLDER_OF_MNIST
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


def cnn() -> nn.Sequential:
    first = (nn.Conv2d(1, 16, 5, stride=2, padding=2), nn.ReLU())
    second = (nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.ReLU())
    return nn.Sequential(*first, *second, nn.Flatten(), nn.Linear(32 * 7 * 7, 10))


def mlp() -> nn.Sequential:
    hidden = (nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU())
    return nn.Sequential(nn.Flatten(), *hidden, nn.Linear(128, 10))


def train(model: nn.Module, images: Tensor, labels: Tensor, epochs: int, smoothing: float) -> nn.Module:
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(epochs):
        for batch in torch.split(torch.randperm(len(images)), 64):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(images[batch]), labels[batch], label_smoothing=smoothing)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    return model.eval()


def calibration_error(logits: Tensor, labels: Tensor) -> float:
    """The mean distance between confidence and accuracy in 15 equally wide bins."""
    confidence, predicted = logits.softmax(1).max(1)
    off, bins = confidence - (predicted == labels).float(), (confidence * 15).long().clamp(max=14)
    return torch.zeros(15).index_add(0, bins, off).abs().sum().item() / len(labels)


def temperature(logits: Tensor, labels: Tensor) -> float:
    candidates = np.geomspace(0.1, 10, 201).tolist()
    return float(min(candidates, key=lambda one: nn.functional.cross_entropy(logits / one, labels).item()))


pool, pool_labels = load("train")
test, test_labels = (one[:: 10_000 // options.test_images] for one in load("t10k"))
for name, build, images, epochs in (
    ("two-layer network", mlp, options.images, 30),
    ("CNN", cnn, 5 * options.images, 6),
):
    plain: dict[float, list[float]] = {0.0: [], 0.1: []}
    scaled: dict[float, list[float]] = {0.0: [], 0.1: []}
    for seed in range(options.seeds):
        order = torch.randperm(len(pool), generator=torch.Generator().manual_seed(seed))
        chosen, validates = order[:images], order[-2_000:]
        for smoothing in plain:
            torch.manual_seed(seed)
            model = train(build(), pool[chosen] / 255, pool_labels[chosen], epochs, smoothing)
            with torch.no_grad():
                logits, own = (
                    torch.cat([model(some / 255) for some in torch.split(x, 500)]) for x in (test, pool[validates])
                )
            plain[smoothing].append(calibration_error(logits, test_labels))
            scaled[smoothing].append(calibration_error(logits / temperature(own, pool_labels[validates]), test_labels))
    report(f"smoothing 0.1, {name}", "calibration error", plain[0.0], plain[0.1])
    report(f"smoothing 0.1, {name}, after temperature scaling", "calibration error", scaled[0.0], scaled[0.1])
