import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mnist_core.data.mnist_files import load_mnist
from mnist_core.evaluation.robustness import KINDS, Curve, change, measure, sample
from mnist_core.imaging.perturbations import Perturbation
from mnist_core.preprocessing.digit_collection import MyDigit
from mnist_core.ui import services
from mnist_core.ui.mistakes import robustness
from tests.ui.app import parts, run, texts
from tests.ui.mistakes.panel import looked_at, open_panel, plots

ME = "me"


def measured(name: str) -> tuple[Curve, ...]:
    """What should be shown, measured anew."""
    mnist = load_mnist()
    chosen = sample(mnist.test_labels.numpy())
    images = (mnist.test_images[chosen].float() / 255).numpy()
    return measure(services.model(name).model, images, mnist.test_labels[chosen].tolist())


def lines(app: AppTest) -> list[list[list[float]]]:
    """The shares that each chart draws, a line a model."""
    return [[one["y"] for one in plot["data"] if one["mode"] == "lines+markers"] for plot in plots(app)]


def test_each_kind_of_change_has_its_chart_and_sentence() -> None:
    app = open_panel("robustness", looked_at("linear"))
    expected = measured("linear")
    assert [line for (line,) in lines(app)] == [list(curve.accuracy) for curve in expected]
    for curve in expected:
        assert robustness.verdict(curve) in texts(app)
        assert f"**{curve.kind.title}**" in texts(app)
    assert "1,000 images of MNIST's test set, 100 of each digit" in texts(app)


def test_two_models_stand_in_the_same_charts() -> None:
    app = open_panel("robustness", looked_at("linear", "mlp"))
    ours, theirs = measured("linear"), measured("mlp")
    for drawn, first, second in zip(lines(app), ours, theirs, strict=True):
        assert drawn == [list(first.accuracy), list(second.accuracy)]
    dashes = {one["line"].get("dash") for one in plots(app)[0]["data"] if one["mode"] == "lines+markers"}
    assert dashes == {"solid", "dash"}
    assert f":orange-badge[B] {robustness.verdict(theirs[0])}" in texts(app)


def test_pictures_show_the_change_and_what_is_read() -> None:
    app = open_panel("robustness", looked_at("linear"))
    strips = [part for part in parts(app, "image_strip") if part["label"].endswith("what it looks like")]
    assert len(strips) == len(KINDS)
    turned = strips[0]["pictures"]
    assert [picture["title"] for picture in turned] == ["−60°", "−30°", "+30°", "+60°"]
    assert all(picture["note"][0] in "✓✗" for picture in turned)
    app.segmented_control[0].set_value(1)
    strips = [part for part in parts(run(app), "image_strip") if part["label"].endswith("what it looks like")]
    assert strips[0]["pictures"][0]["alt"].startswith("a 1, 60° to the left: predicted ")


def test_it_is_measured_once() -> None:
    app = open_panel("robustness", looked_at("linear"))
    same = robustness.Shown("test_1000", "", np.zeros((1, 28, 28), np.float32), np.zeros(1, np.int64))
    begun = robustness.measuring("linear", same)
    run(app)
    assert robustness.measuring("linear", same) is begun


def test_own_digits_can_be_changed_instead() -> None:
    mnist = load_mnist()
    kept = [MyDigit(mnist.test_images[at].numpy(), int(mnist.test_labels[at])) for at in range(6)]
    services.store().my_digits.add(ME, kept)
    app = open_panel("robustness", looked_at("linear"), visitor_token=ME)
    assert "1,000 images" in texts(app)
    app.toggle(key="robustness_own").set_value(True)
    app = run(app)
    assert "the 6 digits that you saved" in texts(app)
    neutral = KINDS[0].middle
    (first,) = lines(app)[0]
    assert first[neutral] * 6 == pytest.approx(round(first[neutral] * 6))
    assert app.segmented_control[0].options == [str(digit) for digit in sorted({one.label for one in kept})]


def test_without_own_digits_nothing_is_offered() -> None:
    assert not open_panel("robustness", looked_at("linear"), visitor_token=ME).toggle


def test_a_model_that_takes_long_is_measured_on_fewer_images(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robustness, "FEWER_FOR", {"linear": 50})
    st.cache_resource.clear()
    app = open_panel("robustness", looked_at("mlp", "linear"))
    assert "50 images of MNIST's test set, 5 of each digit" in texts(app)


TURNED, FADED = KINDS[0], KINDS[-1]
HALF = len(TURNED.amounts) // 2


@pytest.mark.parametrize(
    ("kind", "right", "said"),
    [
        (TURNED, [0] * HALF + [100] + [0] * HALF, "Below 90 % beyond 1° to the left or 1° to the right."),
        (TURNED, [100] * 11, "At least 90 % from 60° to the left to 60° to the right."),
        (TURNED, [10] * 11, "Below 90 % even unchanged: 10.0 %."),
        (FADED, [100] * 9, "At least 90 % as far as 5 % of its contrast."),
        (FADED, [0, 100, 100, 100, 100, 100, 100, 100, 100], "Below 90 % beyond 10 % of its contrast."),
    ],
)
def test_where_it_fails_in_words(kind: Perturbation, right: list[int], said: str) -> None:
    assert robustness.verdict(Curve(kind, tuple(right), 100)) == said


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_pictures_amounts_are_four_of_those_tried(kind: Perturbation) -> None:
    amounts = robustness.example_amounts(kind)
    assert len(set(amounts)) == 4
    assert set(amounts) <= set(kind.amounts) - {kind.neutral}
    assert list(amounts) == sorted(amounts)
    image = np.zeros((1, 28, 28), np.float32)
    assert all(change(image, kind, amount).shape == (1, 28, 28) for amount in amounts)


def test_the_band_is_the_likely_range() -> None:
    curve = Curve(TURNED, tuple(range(50, 61)), 100)
    band = robustness.figure([curve])["data"][0]
    lows, highs = zip(*curve.likely, strict=True)
    assert list(band["y"]) == [*lows, *reversed(highs)]
    assert list(band["x"][: len(lows)]) == list(TURNED.amounts)
