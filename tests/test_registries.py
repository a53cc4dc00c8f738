"""A contributor's day: one record each is added where docs/ARCHITECTURE.md says, and arrives everywhere."""

import json
from pathlib import Path

import pytest
from PIL import Image

from mnist_core.data.mnist_files import load_mnist
from tests.toy_tree import ROOT, grow, python

EDITS = {
    "mnist_core/activations.py": [('    "none": Activation("None"', '    "mish": Activation("Mish", "Mish"),\n')],
    "mnist_core/recipe.py": [
        (
            "    flip: str = choice(",
            "    fade: float = real(\n"
            '        0.0, 0.0, 1.0, group="augmentation", section="ink", label="Fading", help="Paler ink."\n    )\n',
        )
    ],
    "mnist_core/training/augmentation/augment.py": [
        (
            "AUGMENTATIONS = (",
            "def fade_ink(images: Tensor, most: float, generator: Generator) -> Tensor:\n"
            "    return images * (1 - most * torch.rand(len(images), 1, 1, generator=generator))\n\n\n",
        ),
        ('    Augmentation(add_noise, ("pixel_noise",)),\n', '    Augmentation(fade_ink, ("fade",)),\n'),
    ],
    "mnist_core/training/hints.py": [
        (
            "# --- what the rules read",
            "@rule()\ndef toy(recipe: Recipe, history: RunHistory) -> Hint | None:\n"
            '    hint = Hint("toy", "This run is a toy", "It has one epoch.", {"epochs": 2})\n'
            "    return hint if history.epochs else None\n\n\n",
        )
    ],
    "mnist_core/export/files.py": [
        (
            '    "csv": Format(',
            '    "toy": Format("Toy format", "A toy.", ".toy", "text/plain", lambda facts: b"toy"),\n',
        )
    ],
    "mnist_core/ui/data/panels.py": [
        ("from mnist_core.recipe import Recipe\n", "import streamlit as st\n\n"),
        (
            '    Panel("classes", ',
            '    Panel("toy", "Toys", "toys", lambda part, _: st.write(f"Toys of {part.train_images} images")),\n',
        ),
    ],
    "mnist_core/diagnosis/causes.py": [
        (
            '    "blank": CauseRecord(',
            '    "toy": CauseRecord(\n        "toy cause", "The digit is upside down.",\n        lambda cause, _: '
            '[Repair(cause, "turn it over", "shape", rotation_matrix(180))],\n    ),\n',
        )
    ],
}
"""What a contributor writes.

A cause, an activation, an augmentation (field and record), a hint, an export format, a panel.
"""

_PAGE = """
import json, sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=600)
app.query_params["run"] = sys.argv[1]
app.query_params["fade"] = "0.5"
app.session_state["all_settings"] = True
app.switch_page("pages/train.py")
app.run()
assert not app.exception and not app.error, (app.exception, app.error)
choices = next(box for box in app.selectbox if box.key == "activation")
sliders = {box.key: box for kind in (app.slider, app.select_slider, app.number_input) for box in kind}
print(json.dumps({
    "activations": choices.options,
    "fade": [sliders["fade"].label, sliders["fade"].value],
    "words": [element.value for element in app.markdown],
    "downloads": [button.proto.label for button in app.get("download_button")],
}))
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Path:
    return grow(tmp_path_factory.mktemp("tree"), EDITS)


@pytest.fixture(scope="module")
def events(tree) -> list[dict]:
    words = ["model=mlp", "train_images=100", "activation=mish", "fade=0.5"]
    return [json.loads(line) for line in python(tree, "train", *words, "--json").splitlines()]


@pytest.fixture(scope="module")
def page(tree, events) -> dict:
    return json.loads(python(tree, "-c", _PAGE, events[-1]["run"]).splitlines()[-1])


@pytest.fixture(scope="module")
def script(tree, events) -> str:
    python(tree, "export", events[-1]["run"], "train.py", "--format", "script")
    return (tree / "train.py").read_text()


def test_an_activation_is_one_record(events, page, script) -> None:
    assert events[-1]["event"] == "finished"
    measured = next(event for event in events if event["event"] == "measured")
    assert set(measured["dead_units"]) == {"dense 1", "dense 2"}
    assert "Mish" in page["activations"]
    assert "nn.Mish()," in script


def test_an_augmentation_is_a_field_and_a_record(events, page, script) -> None:
    assert events[0]["recipe"]["fade"] == 0.5
    assert page["fade"] == ["Fading", 0.5]
    compile(script, "train.py", "exec")
    assert "FADE = 0.5  # fading" in script
    assert "def fade_ink(images: Tensor, most: float, generator: Generator) -> Tensor:" in script
    assert "images = fade_ink(images, FADE, generator)" in script


def test_a_hint_is_one_function(events, page) -> None:
    hint = events[-2]
    assert (hint["event"], hint["code"], hint["change"]) == ("hint", "toy", {"epochs": 2})
    assert any("This run is a toy" in text for text in page["words"])


def test_an_export_format_is_one_record(tree, events, page) -> None:
    assert "toy" in python(tree, "export", "--help")
    python(tree, "export", events[-1]["run"], "out.toy", "--format", "toy")
    assert (tree / "out.toy").read_bytes() == b"toy"
    assert "Toy format" in page["downloads"]


def test_a_cause_is_one_record(tree) -> None:
    """An upside-down 7: what turns it over is tried, and named in JSON and in words."""
    seven = Image.fromarray(load_mnist().test_images[0].numpy()).rotate(180)
    seven.resize((140, 140), Image.Resampling.BICUBIC).save(tree / "seven.png")
    words = ["diagnose", "seven.png", "--label", "7", "--model", "cnn_plain", "--raw"]
    found = json.loads(python(tree, *words, "--json"))
    toy = next(cause for cause in found["causes"] if cause["code"] == "toy")
    assert (toy["text"], toy["measured"]) == ("The digit is upside down.", "the best repair is to turn it over")
    assert "toy: The digit is upside down." in python(tree, *words)


_PANEL = """
import json
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=600)
app.query_params["look"] = "toy"
app.query_params["train_images"] = "300"
app.switch_page("pages/data.py")
app.run()
assert not app.exception and not app.error, (app.exception, app.error)
titles = next(choice.options for choice in app.button_group if choice.key == "open_data_panel")
print(json.dumps({"titles": titles, "words": [element.value for element in app.markdown]}))
"""


def test_a_panel_is_one_record(tree) -> None:
    page = json.loads(python(tree, "-c", _PANEL).splitlines()[-1])
    assert "Toys of 300 images" in page["words"]
    assert any("Toys" in title for title in page["titles"])


_CLAIM = """
from mnist_core.claims.catalog.drawing_pipeline import SHIPPED
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol

_LINEAR = SHIPPED["linear"][1]

CLAIM = Claim(
    id="toy",
    title="Toy claim",
    statement="Toys are read better when they are mended.",
    setup="A linear model that ships.",
    protocol=Protocol(source="Toymakers.", definition="Accuracy.", smallest="A tenth.", population="A linear model."),
    arms=(
        Arm("broken", "Broken", _LINEAR, test_inputs="broken", model="linear"),
        Arm("mended", "Mended", _LINEAR, test_inputs="broken_clipped", model="linear"),
    ),
    primary=(Comparison("broken", "mended", "read_accuracy", "higher", 0.1, "Mended toys"),),
    figure=FigureSpec("forest", ("read_accuracy",)),
)
"""

_CLAIMS_PAGE = """
import json
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=600)
app.switch_page("pages/claims.py")
app.run()
assert not app.exception and not app.error, (app.exception, app.error)
print(json.dumps({
    "links": [link.proto.label for link in app.get("page_link")],
    "effects": [element.proto.body for element in app.get("html")],
}))
"""


def test_a_claim_is_one_file(tree) -> None:
    (tree / "mnist_core/claims/catalog/toy.py").write_text(_CLAIM)
    (found,) = python(tree, "claims", "toy", "--seeds", "8", "--json").splitlines()
    assert json.loads(found)["verdict"] == "holds"
    page = json.loads(python(tree, "-c", _CLAIMS_PAGE).splitlines()[-1])
    assert page["links"][-1] == "Toy claim"
    assert "Holds: Mended toys: accuracy" in page["effects"][-1]
    table = f"import sys; sys.path.append({str(ROOT)!r}); from tests import readme_claims; print(readme_claims.block())"
    section = python(tree, "-c", table).partition("### Toy claim")[2]
    assert "“Toys are read better when they are mended.” **Holds, 8 seeds.**" in section
    assert "| Mended toys: accuracy | higher by 10.0 points | " in section
    assert "- Source: Toymakers." in section
