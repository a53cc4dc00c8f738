"""StandardScaler and SVC(C=1, gamma=0.1) against a linear model, and with gamma="scale".

python standard_scaler_svm.py FOLDER_OF_MNIST
"""

import argparse
import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from torch import Tensor

# Student's t of a 95 % interval, for 2, 3, ... 12 seeds.
T_95 = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20)

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", type=Path, help="with MNIST's gzipped IDX files")
parser.add_argument("--seeds", type=int, default=8, choices=range(2, 13))
parser.add_argument("--images", type=int, default=2_000, help="how many to learn from")
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


pool, pool_labels = load("train")
test, test_labels = (one[:: 10_000 // options.test_images] for one in load("t10k"))
found: dict[str, list[float]] = {"linear": [], "example": [], "gamma": [], "all": []}
for seed in range(options.seeds):
    torch.manual_seed(seed)
    chosen = torch.randperm(len(pool))[: options.images]
    images, labels = pool[chosen].flatten(1).numpy() / 255, pool_labels[chosen].numpy()
    models: dict[str, Any] = {
        "linear": LogisticRegression(max_iter=1_000),  # type: ignore[no-untyped-call]
        "example": make_pipeline(StandardScaler(), SVC(kernel="rbf", C=1, gamma=0.1)),  # type: ignore[no-untyped-call]
        "gamma": make_pipeline(StandardScaler(), SVC(kernel="rbf", C=1, gamma="scale")),  # type: ignore[no-untyped-call]
        "all": SVC(kernel="rbf", C=10, gamma="scale"),  # type: ignore[no-untyped-call]
    }
    for name, model in models.items():
        found[name].append(float(model.fit(images, labels).score(test.flatten(1).numpy() / 255, test_labels.numpy())))
report("the example instead of a linear model", "test accuracy", found["linear"], found["example"])
report("gamma=scale instead of 0.1", "test accuracy", found["example"], found["gamma"])
report("no scaler, gamma=scale, C=10 instead of the example", "test accuracy", found["example"], found["all"])
