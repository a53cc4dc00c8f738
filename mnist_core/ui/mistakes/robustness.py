"""Robustness: the accuracy when all test images are rotated, moved, resized, blurred or made hard to see."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.ui import charts, services
from mnist_core.ui.common import background_task, messages, words
from mnist_core.ui.common.background_task import BackgroundTask
from mnist_core.ui.common.choice import choose
from mnist_core.ui.common.pictures import data_url, grey
from mnist_core.ui.common.section import section
from mnist_core.ui.common.visitor import visitor
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.mistakes import image_detail
from mnist_core.ui.mistakes.comparison_state import Comparison, by_model, by_series, show_legend

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from mnist_core.evaluation.robustness import Curve
    from mnist_core.imaging.perturbations import Perturbation

ENOUGH = 0.9
"""The accuracy below which a model is said to fail."""

FEWER_FOR = {"net": 300, "deep": 150}  # images, for what would take a minute on all of the sample
_KEPT = 24
_COLUMNS = 3
_PICTURES = 4
_HEIGHT_PX = 210
_UNITS = {"rotation": "°", "scale": " %", "noise": " %", "contrast": " %"}  # others are in pixels
_HELP = (
    "The model input itself is changed, after any preprocessing: nothing undoes it. On the Draw page, preprocessing "
    "takes out much of what people do differently (place and size above all); this is what the network itself copes "
    "with."
)
_OWN_HELP = "The digits that you saved on the Draw page, preprocessed as MNIST was, instead of MNIST's test images."


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """The images that are changed.

    Attributes:
        key: Their name: the same for the same images and labels.
        about: What they are, for people.
        pixels: As the network sees them, float32 (N, 28, 28), 0 to 1.
        labels: int64 (N,).
    """

    key: str
    about: str
    pixels: NDArray[np.float32] = field(repr=False)
    labels: NDArray[np.int64] = field(repr=False)


@section("Robustness")
def show(comparison: Comparison) -> None:
    """The charts; beside them the open image, if one is open."""
    if not image_detail.is_open(comparison):
        _show_charts(comparison, _COLUMNS)
        return
    image_detail.show_beside(
        comparison,
        partial(_show_charts, comparison, _COLUMNS - 1),
        partial(image_detail.show_elsewhere, comparison),
    )


def _show_charts(comparison: Comparison, columns: int) -> None:
    """A small chart for each kind of change, with where the model fails in words and what the change looks like."""
    models = comparison.models
    st.markdown("##### Accuracy under change", help=_HELP)
    shown = _choose_images(models)
    show_legend(comparison, key="robustness_models")
    st.markdown(f"{shown.about} The band is the 95 % confidence interval.")
    # All are begun before the first is waited for.
    begun = [(model, measuring(model.name, shown)) for model in models]
    measured = [
        background_task.wait_for(made, f"Measuring “{messages.plain(model.title)}” on changed images (once) …")
        for model, made in begun
    ]
    place = _choose_example(shown)
    kinds = list(zip(*measured, strict=True))
    for start in range(0, len(kinds), columns):
        for column, curves in zip(st.columns(columns, gap="medium"), kinds[start:], strict=False):
            with column:
                _show_kind(curves)
                _show_pictures(curves[0].kind, models, shown, place)


def verdict(curve: "Curve") -> str:
    """Where the accuracy along the curve falls below `ENOUGH`, in a sentence."""
    limit = words.percent(ENOUGH, 0)
    amounts, kind = curve.falls_below(ENOUGH), curve.kind
    if amounts == (kind.neutral,):
        return f"Below {limit} even unchanged: {words.percent(curve.accuracy[kind.middle])}."
    if amounts:
        return f"Below {limit} beyond {' or '.join(kind.words(amount) for amount in amounts)}."
    ends = [kind.words(kind.amounts[end]) for end in (0, -1) if kind.amounts[end] != kind.neutral]
    return f"At least {limit} {'from ' if len(ends) > 1 else 'as far as '}{' to '.join(ends)}."


def amount_text(kind: "Perturbation", amount: float) -> str:
    """An amount as it is said below a picture: `−30°`, `1.2 px`."""
    sign = "+" if amount > kind.neutral == 0 and kind.amounts[0] < 0 else ""
    return f"{sign}{amount:g}".replace("-", "−") + _UNITS.get(kind.name, " px")


def example_amounts(kind: "Perturbation") -> tuple[float, ...]:
    """Four amounts to look at: on both sides of the neutral one where there are two."""
    others = [amount for amount in kind.amounts if amount != kind.neutral]
    if 0 < kind.middle < len(kind.amounts) - 1:
        below, above = others[: kind.middle], others[kind.middle :]
        return below[0], below[len(below) // 2], above[(len(above) - 1) // 2], above[-1]
    return tuple(others[place] for place in np.linspace(0, len(others) - 1, _PICTURES).round().astype(int))


# --- the images -----------------------------------------------------------------------------------------


def _choose_images(models: Sequence[services.ModelOption]) -> Shown:
    """The test images or, when the visitor saved some and asks for them, their own."""
    kept = services.store().my_digits.all(visitor())
    if kept and st.toggle(f"On my {len(kept)} digits", key="robustness_own", persist_state="session", help=_OWN_HELP):
        return _own(tuple((one.fingerprint, one.label) for one in kept), [one.png for one in kept])
    from mnist_core.evaluation.robustness import SAMPLE

    return _test_sample(min(FEWER_FOR.get(services.model(model.name).recipe.model, SAMPLE) for model in models))


@lru_cache(maxsize=2)
def _test_sample(count: int) -> Shown:
    from mnist_core.data.mnist_files import load_mnist
    from mnist_core.evaluation.robustness import sample

    mnist = load_mnist()
    labels: NDArray[np.int64] = mnist.test_labels.numpy()
    chosen = sample(labels, count)
    pixels = services.test_images()[chosen].astype(np.float32) / np.float32(255)
    of_each = len(chosen) // 10
    about = (
        f"Measured on {len(chosen):,} images of MNIST's test set, {of_each} of each digit, the same at every amount."
    )
    return Shown(f"test_{count}", about, pixels, labels[chosen])


@st.cache_resource(show_spinner="Loading your digits …", max_entries=20)
def _own(kept: tuple[tuple[str, int], ...], _pngs: list[bytes]) -> Shown:
    from mnist_core.preprocessing.pipeline import preprocess

    pixels = np.stack([preprocess(png).canonical for png in _pngs])
    labels = np.array([label for _, label in kept], np.int64)
    count = f"{len(kept)} digit{'' if len(kept) == 1 else 's'}"
    return Shown(repr(kept), f"Measured on the {count} that you saved, the same at every amount.", pixels, labels)


def _choose_example(shown: Shown) -> int:
    """The place of the image that the pictures show."""
    digits = sorted({int(label) for label in shown.labels})
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        titles = {digit: str(digit) for digit in digits}
        digit = choose("Example digit", titles, f"robustness_digit_{digits}", default=digits[len(digits) // 2])
        place = _most_usual(shown, digit)
        with st.container(width=110):
            alt = f"{words.named(digit)}, as it is"
            picture = Picture(data_url(grey(shown.pixels[place])), alt, note="as it is", pixels=True)
            strip([picture], "The image as it is", key="robustness_example")
    return place


def _most_usual(shown: Shown, digit: int) -> int:
    """The place of the image that differs least from the mean of its digit's."""
    places = np.flatnonzero(shown.labels == digit)
    own = shown.pixels[places]
    return int(places[((own - own.mean(axis=0)) ** 2).sum(axis=(1, 2)).argmin()])


# --- measuring ------------------------------------------------------------------------------------------


@services.kept_by_model(_KEPT)
def measuring(name: str, shown: Shown) -> "BackgroundTask[tuple[Curve, ...]]":
    """A model's curves on these images, being measured: once, for all sessions; begun by the first who asks."""
    from mnist_core.evaluation.robustness import measure

    model = services.model(name).model
    return BackgroundTask(lambda progress: measure(model, shown.pixels, shown.labels, progress))


# --- a kind of change -----------------------------------------------------------------------------------


def _show_kind(curves: "Sequence[Curve]") -> None:
    kind = curves[0].kind
    said = by_model([verdict(curve) for curve in curves])
    st.markdown(f"**{kind.title}**", help=kind.help)
    alt = f"Accuracy: {kind.title}. {said}"
    charts.show(figure(curves), height_px=_HEIGHT_PX, key=f"robustness_{kind.name}", alt=alt)
    st.markdown(said)


def _show_pictures(kind: "Perturbation", models: Sequence[services.ModelOption], shown: Shown, place: int) -> None:
    from mnist_core.evaluation.robustness import change

    amounts, label = example_amounts(kind), int(shown.labels[place])
    changed = np.concatenate([change(shown.pixels[place : place + 1], kind, amount) for amount in amounts])
    predicted = list(zip(*(services.predicted_digits(model.name, changed) for model in models), strict=True))
    pictures = [
        Picture(
            data_url(grey(pixels)),
            f"{words.named(label)}, {kind.words(amount)}: predicted {' and '.join(map(str, answers))}",
            title=amount_text(kind, amount),
            note=" · ".join(f"{'✓' if answer == label else '✗'} {answer}" for answer in answers),
            pixels=True,
        )
        for pixels, amount, answers in zip(changed, amounts, predicted, strict=True)
    ]
    strip(pictures, f"{kind.title}: what it looks like", key=f"robustness_pictures_{kind.name}", small=True)


def figure(curves: "Sequence[Curve]") -> "go.Figure":
    """One or two models' curves of one kind of change, each with its band of 95 % confidence intervals."""
    kind = curves[0].kind
    bands, lines = [], []
    for who, curve, style in by_series(curves):
        low, high = zip(*curve.likely, strict=True)
        texts = [
            f"{who}{words.percent(share)} ({words.percent(least)} to {words.percent(most)})"
            for share, least, most in zip(curve.accuracy, low, high, strict=True)
        ]
        bands.append(charts.band(kind.amounts, low, high, style))
        lines.append(charts.line(kind.amounts, curve.accuracy, style, texts=texts, markers=True))
    return charts.figure(
        [*bands, *lines],
        hovermode="x unified",
        shapes=[charts.guide(y=ENOUGH)],
        xaxis={"ticksuffix": _UNITS.get(kind.name, " px"), "showgrid": False, "nticks": 9},
        yaxis={"range": [-0.02, 1.04], "tickvals": [0, 0.25, 0.5, 0.75, ENOUGH, 1], "tickformat": ".0%"},
    )
