"""The loop that most tutorials have, to compare with: nothing in here is ours.

PyTorch's examples/mnist with Adam, as people copy it: a DataLoader that takes one image at a time through PIL, ToTensor
and Normalize, batches of 64, single precision.
"""

import gzip
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor, nn, optim
from torch.nn import functional as F
from torch.utils.data import DataLoader
from torchvision import datasets, transforms  # type: ignore[import-untyped]

from mnist_core.data.mnist_files import BUNDLED, FOLDER_VARIABLE

BATCH = 64
_TEST_BATCH = 1000


class Net(nn.Module):
    """Two convolutions, two dense layers, dropout twice: 1.2 million parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, 1)
        self.conv2 = nn.Conv2d(32, 64, 3, 1)
        self.dropout1 = nn.Dropout(0.25)
        self.dropout2 = nn.Dropout(0.5)
        self.fc1 = nn.Linear(9216, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Log-probabilities (B, 10) of images (B, 1, 28, 28)."""
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = self.dropout1(F.max_pool2d(x, 2))
        x = F.relu(self.fc1(torch.flatten(x, 1)))
        return F.log_softmax(self.fc2(self.dropout2(x)), dim=1)


class UsualLoop:
    """One training with that loop.

    Args:
        folder: Where MNIST is; see `unpacked_mnist`.
        seed: Where the random numbers start.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        torch.manual_seed(seed)
        pixels = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
        self._train = DataLoader(datasets.MNIST(str(folder), train=True, transform=pixels), BATCH, shuffle=True)
        self._test = DataLoader(datasets.MNIST(str(folder), train=False, transform=pixels), _TEST_BATCH)
        self._model = Net()
        self._optimizer = optim.Adam(self._model.parameters(), lr=1e-3)

    def epoch(self) -> Iterator[int]:
        """One pass over the 60,000 training images: after each step, how many images it has read."""
        self._model.train()
        for images, labels in self._train:
            self._optimizer.zero_grad()
            loss = F.nll_loss(self._model(images), labels)
            loss.backward()  # type: ignore[no-untyped-call]
            self._optimizer.step()
            yield len(labels)

    @torch.no_grad()
    def test_accuracy(self) -> float:
        """The share of the 10,000 test images that is read right."""
        self._model.eval()
        right = sum(int((self._model(images).argmax(1) == labels).sum()) for images, labels in self._test)
        return right / len(self._test.dataset)  # type: ignore[arg-type]


@contextmanager
def unpacked_mnist() -> Iterator[Path]:
    """A folder with MNIST (the one that `load_mnist` reads) as torchvision's dataset looks for it, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder, "MNIST", "raw")
        raw.mkdir(parents=True)
        for file in Path(os.environ.get(FOLDER_VARIABLE) or BUNDLED).glob("*ubyte*"):
            with (gzip.open if file.suffix == ".gz" else open)(file, "rb") as source:
                (raw / file.name.removesuffix(".gz")).write_bytes(source.read())
        yield Path(folder)
