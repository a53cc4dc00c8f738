"""What else ships, and how it is made again: the two detectors of the diagnosis, and its reference."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mnist_core.checkpoints.build import corruption_classifier, ood_detector, reference
from mnist_core.checkpoints.build.shipped_models import made_now, read_card, write_card
from mnist_core.diagnosis.ood_detector import save_ood_detector
from mnist_core.runs.cards import SHIPPED_FOLDER


@dataclass(frozen=True, slots=True)
class Detector:
    """A file that the diagnosis uses, and how it is made.

    Attributes:
        title: What people see.
        about: What it is for, in a sentence.
        made_from: What it learns or is measured from.
        settings: What decides its numbers, by name.
        make: Makes it anew and writes it to that file; yields lines that say how far it is.
    """

    title: str
    about: str
    made_from: str
    make: Callable[[Path], Iterator[str]]
    settings: dict[str, int] = field(default_factory=dict)


def _make_ood_detector(file: Path) -> Iterator[str]:
    yield "some ten minutes on one core"
    save_ood_detector(ood_detector.make_ood_detector(), file)


def _make_corruption_classifier(file: Path) -> Iterator[str]:
    for epoch, loss in enumerate(corruption_classifier.train_corruption_classifier(file), 1):
        yield f"epoch {epoch}: loss {loss:.4f}"


def _make_reference(file: Path) -> Iterator[str]:
    yield "a minute or two"
    reference.write_reference(file)


DETECTORS: dict[str, Detector] = {
    "ood_detector": Detector(
        "Out-of-distribution detector",
        "Tells what is no digit: a network with an eleventh class, and the distance to training digits.",
        "Every second training image of MNIST, the same in other hands, digits and other shapes that are made up; its "
        "threshold is chosen on MNIST's validation images and shapes of other random numbers.",
        _make_ood_detector,
        {"seed": 0, "epochs": ood_detector.EPOCHS},
    ),
    "corruption_classifier": Detector(
        "Corruption classifier",
        "Tells in which way a digit was spoilt, given the digit that was meant.",
        "The first training images of MNIST, clean or spoilt in one known way.",
        _make_corruption_classifier,
        {"seed": 0, "epochs": corruption_classifier.EPOCHS, "images": corruption_classifier.IMAGES},
    ),
    "reference": Detector(
        "Reference",
        "How large, thick, slanted and so on MNIST's digits are: what a drawing is compared with.",
        "All training images of MNIST, measured; nothing in it is random.",
        _make_reference,
    ),
}
"""What ships beside `shipped_models.RECIPES`, by the names of the files."""


def ship_detector(name: str, folder: Path = SHIPPED_FOLDER) -> Iterator[str]:
    """Make one of `DETECTORS` anew and write its file and its card; yields lines that say how far it is."""
    yield from DETECTORS[name].make(folder / f"{name}.safetensors")
    write_card(folder / f"{name}.json", _words(name), made_now(), {})


def describe_detector_again(name: str, folder: Path = SHIPPED_FOLDER) -> None:
    """Bring the words in its card up to date, without making it again."""
    write_card(folder / f"{name}.json", _words(name), read_card(folder / f"{name}.json"), {})


def _words(name: str) -> dict[str, Any]:
    made = DETECTORS[name]
    return {"title": made.title, "about": made.about, "made_from": made.made_from, "settings": made.settings}
