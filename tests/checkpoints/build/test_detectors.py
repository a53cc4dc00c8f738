"""Detectors and reference: each file has a card that says how it was made, and is made again by the same numbers."""

import json
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner
from safetensors.torch import load_file

from mnist_core.checkpoints.build import corruption_classifier, detectors, ood_detector, reference
from mnist_core.checkpoints.build.detectors import DETECTORS, Detector, describe_detector_again, ship_detector
from mnist_core.checkpoints.build.shipped_models import RECIPES
from mnist_core.cli.ship import ship
from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import split
from mnist_core.diagnosis.ood_detector import load_ood_detector
from mnist_core.diagnosis.reference import FILE, load_reference
from mnist_core.preprocessing.rotation import framed
from mnist_core.runs.cards import SHIPPED_FOLDER, shipped


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> Detector:
    def make(file: Path):
        yield "begun"
        file.write_bytes(b"made")

    detector = Detector("Tiny", "For a test.", "Nothing.", make, {"seed": 3})
    monkeypatch.setitem(DETECTORS, "tiny", detector)
    return detector


def test_every_file_that_ships_has_a_card_that_says_how_it_was_made() -> None:
    files = {path.stem for path in SHIPPED_FOLDER.glob("*.safetensors")}
    assert files == {path.stem for path in SHIPPED_FOLDER.glob("*.json")} == {*RECIPES, *DETECTORS}
    for name, detector in DETECTORS.items():
        card = json.loads((SHIPPED_FOLDER / f"{name}.json").read_text("utf-8"))
        assert (card["title"], card["about"], card["made_from"], card["settings"]) == (
            detector.title, detector.about, detector.made_from, detector.settings,
        )  # fmt: skip
        assert card["made"]


def test_a_detector_is_no_model_to_choose() -> None:
    assert not {card.name for card in shipped()} & set(DETECTORS)


def test_shipping_writes_the_file_and_its_card(tiny: Detector, tmp_path: Path) -> None:
    assert list(ship_detector("tiny", tmp_path)) == ["begun"]
    assert (tmp_path / "tiny.safetensors").read_bytes() == b"made"
    card = json.loads((tmp_path / "tiny.json").read_text("utf-8"))
    assert (card["title"], card["settings"], card["with"]["torch"]) == ("Tiny", {"seed": 3}, torch.__version__)
    described = card | {"about": "An older sentence."}
    (tmp_path / "tiny.json").write_text(json.dumps(described), "utf-8")
    describe_detector_again("tiny", tmp_path)
    assert json.loads((tmp_path / "tiny.json").read_text("utf-8")) == card


def test_the_command_ships_it_by_name(tiny: Detector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = ship_detector
    monkeypatch.setattr(detectors, "ship_detector", lambda name: there(name, tmp_path))
    done = CliRunner().invoke(ship, ["tiny", "--json"], catch_exceptions=False)
    assert json.loads(done.stdout) == {"run": "tiny", "progress": "begun"}
    assert (tmp_path / "tiny.safetensors").exists()


@pytest.mark.parametrize("name", ["ood_detector", "reference"])
def test_what_was_made_is_written_as_the_shipped_file_holds_it(name, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(ood_detector, "make_ood_detector", load_ood_detector)  # the making itself takes minutes
    monkeypatch.setattr(reference, "make_reference", load_reference)
    file = tmp_path / "again.safetensors"
    assert list(DETECTORS[name].make(file))
    written, there = load_file(file), load_file(SHIPPED_FOLDER / f"{name}.safetensors")
    assert written.keys() == there.keys()
    assert all(torch.allclose(written[part].float(), there[part].float(), rtol=2**-10, atol=1e-6) for part in written)


def test_the_same_seed_trains_the_same_corruption_classifier(tmp_path: Path) -> None:
    files = [tmp_path / "first.safetensors", tmp_path / "again.safetensors"]
    losses = [list(corruption_classifier.train_corruption_classifier(file, epochs=1, images=256)) for file in files]
    assert losses[0] == losses[1]
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("digit", [1, 5])
def test_the_shipped_averages_are_those_of_mnist_as_exactly_as_half_precision_holds_them(digit: int) -> None:
    data = split(load_mnist())
    average = framed(data.train_images[data.train_labels == digit].float() / 255).mean(dim=0)
    torch.testing.assert_close(average, load_file(FILE)["averages"][digit].float(), rtol=2**-10, atol=1e-6)
