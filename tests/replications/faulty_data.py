"""Wrong labels, and noise instead of digits, in a fifth of the training data; and cross-validation against it.

python faulty_data.py FOLDER_OF_MNIST
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


def train(images: Tensor, labels: Tensor, epochs: int) -> nn.Module:
    model = mlp()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(epochs):
        for batch in torch.split(torch.randperm(len(images)), 128):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(images[batch]), labels[batch])
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    return model.eval()


@torch.no_grad()
def predict(model: nn.Module, images: Tensor) -> Tensor:
    return torch.as_tensor(model(images).argmax(1))


def believed(images: Tensor, labels: Tensor) -> Tensor:
    """Whether a network that has seen only the other three quarters gives the image its label."""
    fold = torch.arange(len(images)) % 4
    right = torch.zeros(len(images), dtype=torch.bool)
    for left_out in range(4):
        model = train(images[fold != left_out], labels[fold != left_out], 5)
        right[fold == left_out] = predict(model, images[fold == left_out]) == labels[fold == left_out]
    return right


pool, pool_labels = load("train")
test, test_labels = (one[:: 10_000 // options.test_images] for one in load("t10k"))
test = (test / 255 - 0.1307) / 0.3081
found: dict[str, list[float]] = {"clean": [], "wrong labels": [], "noise images": [], "cleaned": []}
for seed in range(options.seeds):
    torch.manual_seed(seed)
    chosen = torch.randperm(len(pool))[: options.images]
    images, labels = (pool[chosen] / 255 - 0.1307) / 0.3081, pool_labels[chosen]
    is_faulty = torch.rand(len(labels)) < 0.2
    wrong = torch.where(is_faulty, (labels + torch.randint(1, 10, labels.shape)) % 10, labels)
    noisy = torch.where(is_faulty.view(-1, 1, 1, 1), (torch.rand(images.shape) - 0.1307) / 0.3081, images)
    kept = believed(images, wrong)
    arms = {"clean": (images, labels), "wrong labels": (images, wrong), "noise images": (noisy, labels)}
    for name, (shown, told) in {**arms, "cleaned": (images[kept], wrong[kept])}.items():
        torch.manual_seed(seed)
        found[name].append((predict(train(shown, told, 20), test) == test_labels).float().mean().item())
report("20 % wrong labels", "test accuracy", found["clean"], found["wrong labels"])
report("20 % images of noise", "test accuracy", found["clean"], found["noise images"])
report("20 % wrong labels, suspects removed", "test accuracy", found["wrong labels"], found["cleaned"])
