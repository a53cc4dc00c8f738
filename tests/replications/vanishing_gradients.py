"""Ten hidden layers instead of two: how small the gradients become, by activation, in the first steps.

python vanishing_gradients.py FOLDER_OF_MNIST
"""

import argparse
import gzip
import json
from itertools import pairwise
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
parser.add_argument("--steps", type=int, default=64, help="of training, whose median gradient counts")
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


def gradients(activation: type[nn.Module], hidden: int, images: Tensor, labels: Tensor) -> tuple[float, float]:
    """As powers of ten: the weakest hidden layer's gradient over the output layer's, per weight; the first layer's,
    as a whole."""
    sizes = [784, 256, *[128] * (hidden - 1)]
    layers = [nn.Sequential(nn.Linear(*pair), activation()) for pair in pairwise(sizes)]
    model = nn.Sequential(nn.Flatten(), *layers, nn.Linear(128, 10))
    optimizer, per_weight, whole = torch.optim.Adam(model.parameters(), lr=1e-3), [], []
    for _ in range(options.steps):
        batch = torch.randint(len(images), (128,))
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images[batch]), labels[batch])
        loss.backward()  # type: ignore[no-untyped-call]
        found = [weights.grad for weights in model.parameters() if weights.grad is not None and weights.ndim == 2]
        sizes_per_weight = [one.square().mean().sqrt().item() for one in found]
        per_weight.append(min(sizes_per_weight[:-1]) / sizes_per_weight[-1])
        whole.append((found[0].norm() / found[-1].norm()).item())
        optimizer.step()
    return float(np.log10(np.median(per_weight))), float(np.log10(np.median(whole)))


pool, pool_labels = load("train")
for name, activation in (("sigmoid", nn.Sigmoid), ("tanh", nn.Tanh), ("ReLU", nn.ReLU)):
    found: dict[int, list[tuple[float, float]]] = {2: [], 10: []}
    for seed in range(options.seeds):
        for hidden in found:
            torch.manual_seed(seed)
            chosen = torch.randperm(len(pool))[: options.images]
            # The first experiment has standardised pixels, too: MNIST's mean is 0.13, its standard deviation 0.31.
            images = (pool[chosen] / 255 - 0.13) / 0.31
            found[hidden].append(gradients(activation, hidden, images, pool_labels[chosen]))
    for place, what in enumerate(("weakest hidden layer's gradient per weight", "first layer's gradient")):
        control, treatment = ([pair[place] for pair in found[hidden]] for hidden in (2, 10))
        report(f"10 layers, {name}, {what}", "powers of ten of the output layer's", control, treatment)
