"""A tuned support vector machine against a wide network and a small CNN, with 100, 300 and 1,000 images.

python simple_model.py FOLDER_OF_MNIST
"""

import argparse
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from sklearn.svm import SVC
from torch import Tensor, nn

# Student's t of a 95 % interval, for 2, 3, ... 12 seeds.
T_95 = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20)

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", type=Path, help="with MNIST's gzipped IDX files")
parser.add_argument("--seeds", type=int, default=8, choices=range(2, 13))
parser.add_argument("--images", type=int, nargs="+", default=(100, 300, 1_000), help="how many to learn from")
parser.add_argument("--rates", type=float, nargs="+", default=(3e-4, 1e-3, 3e-3), help="learning rates to choose from")
parser.add_argument("--steps", type=int, default=300, help="of training a network")
parser.add_argument("--test-images", type=int, default=2_000)
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


def wide() -> nn.Sequential:
    hidden = (nn.Linear(784, 1024), nn.ReLU(), nn.Linear(1024, 512), nn.ReLU())
    return nn.Sequential(nn.Flatten(), *hidden, nn.Linear(512, 10))


def network(build: Callable[[], nn.Sequential], images: Tensor, labels: Tensor, rate: float) -> nn.Module:
    model = build()
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    for _ in range(options.steps):
        batch = torch.randint(len(images), (32,))
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images[batch]), labels[batch])
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return model.eval()


@torch.no_grad()
def accuracy(model: nn.Module | SVC, images: Tensor, labels: Tensor) -> float:
    if isinstance(model, SVC):
        return float(model.score(images.flatten(1).numpy(), labels.numpy()))  # type: ignore[no-untyped-call]
    return float((model(images).argmax(1) == labels).float().mean())


pool, pool_labels = load("train")
test, test_labels = (one[:: 10_000 // options.test_images] for one in load("t10k"))
for size in options.images:
    found: dict[str, list[float]] = {"SVM": [], "wide network": [], "CNN": []}
    for seed in range(options.seeds):
        torch.manual_seed(seed)
        order = torch.randperm(len(pool))
        images, labels = pool[order[:size]] / 255, pool_labels[order[:size]]
        validation, validation_labels = pool[order[-1_000:]] / 255, pool_labels[order[-1_000:]]
        grid = [(c, gamma) for c in (1, 10) for gamma in (0.005, 0.01, 0.02, 0.04)]
        machines = [SVC(C=c, gamma=gamma) for c, gamma in grid]  # type: ignore[no-untyped-call]
        tried: dict[str, list[nn.Module | SVC]] = {
            "SVM": [machine.fit(images.flatten(1).numpy(), labels.numpy()) for machine in machines],
            "wide network": [network(wide, images, labels, rate) for rate in options.rates],
            "CNN": [network(cnn, images, labels, rate) for rate in options.rates],
        }
        for name, models in tried.items():  # settings are chosen on images that neither train nor test
            best = max(models, key=lambda one: accuracy(one, validation, validation_labels))
            found[name].append(accuracy(best, test / 255, test_labels))
    for name in ("wide network", "CNN"):
        report(f"SVM instead of {name}, {size} images", "test accuracy", found[name], found["SVM"])
