"""Attribution: which pixels speak for a digit, and what each layer makes of it."""

import math
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.ui import services
from mnist_core.ui.common import messages, words
from mnist_core.ui.common.choice import choose, select
from mnist_core.ui.common.heatmap import LEGEND, NOTHING, heat_url
from mnist_core.ui.common.pictures import data_url
from mnist_core.ui.common.section import section
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.draw.current_digit import CurrentDigit

if TYPE_CHECKING:
    from mnist_core.diagnosis.feature_maps import LayerMaps
    from mnist_core.preprocessing.pipeline import Preprocessed

_KEPT = 200
_ANYTHING = -1  # what a digit is compared with when it is compared with no other one
_LARGEST_RATIO = 1e6  # beyond, the number says no more than "by far"


@section("Attribution")
def show(subject: CurrentDigit) -> None:
    """The heat over the digit with its choices, and the layers, which open on a click."""
    from mnist_core.diagnosis.attribution import METHODS

    picture, choices = st.columns([0.4, 0.6], gap="large")
    with choices:
        digit, other = _choose_digits(subject)
        help_text = "\n".join(f"- **{method.title}.** {messages.plain(method.help)}" for method in METHODS)
        methods = {method.name: method.title for method in METHODS}
        method = choose("Method", methods, "why_method", default="gradients", help=help_text)
        told = st.container()
    with picture, messages.explained(part="The attribution map"):
        heat = _heat(subject.model, subject.digit, digit, other, method)
        title = (
            f"Why {words.named(digit)}?" if other is None else f"Why {words.named(digit)} and not {words.named(other)}?"
        )
        strip([Picture(heat_url(heat, subject.digit.pixels), title, title, LEGEND, large=True)], title, "why_heat")
        told.markdown(_told(heat, digit, other) if method == "gradients" else _told_of_patches(heat, digit, method))
    _show_layers(subject)


def _choose_digits(subject: CurrentDigit) -> tuple[int, int | None]:
    """The digit to explain, and the one to compare it with: the runner-up, until people choose another one."""
    predicted, meant = subject.reading.digit or 0, subject.label
    runner_up = int(np.argsort(subject.reading.probabilities)[-2])
    roles = {predicted: "the prediction", runner_up: "the runner-up"}
    if meant is not None:
        label = "its label" if subject.is_mnist else "what you meant"
        roles[meant] = " and ".join(filter(None, (roles.get(meant), label)))
    titles = {digit: f"{digit} ({role})" for digit, role in roles.items()}
    titles |= {digit: str(digit) for digit in range(10) if digit not in roles}
    with st.container(horizontal=True):
        # Named after what they offer: a choice is kept while its options read the same.
        offered = "_".join(map(str, (predicted, runner_up, meant)))
        digit = select("Compare", titles, f"why_digit_{offered}")
        others = [one for one in (runner_up, predicted, *titles) if one != digit]
        other = select(
            "with",
            {one: titles[one] for one in others} | {_ANYTHING: "no other digit"},
            f"why_other_{digit}_{offered}",
            help="Compared with another digit, only what tells the two apart counts: the difference of their scores.",
        )
    return digit, None if other == _ANYTHING else other


@services.kept_by_model(_KEPT, "Computing the attribution …")
def _heat(model: str, seen: "Preprocessed", digit: int, other: int | None, method: str) -> NDArray[np.float32]:
    from mnist_core.diagnosis.attribution import attribute

    return attribute(services.model(model).model, seen.pixels, digit, other, method)


def _told(heat: NDArray[np.float32], digit: int, other: int | None) -> str:
    """What the heat amounts to, in words."""
    for_it, against_it = float(heat[heat > 0].sum()), float(-heat[heat < 0].sum())
    total = for_it - against_it
    if other is None:
        return (
            f"Compared with empty paper, this ink changes the score of {words.named(digit)} by **{_signed(total)}**: "
            f"{for_it:.1f} for it, {against_it:.1f} against it. (Softmax turns scores into probabilities: a score that "
            f"is 1 higher makes a digit {math.e:.1f} times as likely.)"
        )
    likelier, less = (digit, other) if total >= 0 else (other, digit)
    times = math.exp(min(abs(total), 100.0))
    ratio = f"{times:,.1f}" if times < 100 else f"{times:,.0f}" if times < _LARGEST_RATIO else "over a million"
    return (
        f"Compared with empty paper, this ink makes {words.named(likelier)} **{ratio} times** as likely relative to "
        f"{words.named(less)}: {for_it:.1f} points for {words.named(digit)}, {against_it:.1f} for {words.named(other)}."
    )


def _told_of_patches(heat: NDArray[np.float32], digit: int, method: str) -> str:
    cover = "ink" if method == "ink" else "paper"
    most, least = float(heat.max()), float(heat.min())
    told = [f"Where it matters most, a patch of {cover} lowers the score by **{most:.1f}**."] if most > NOTHING else []
    if least < -NOTHING:
        gain = "ink is missing there" if method == "ink" else "the ink there is in the way"
        told.append(f"Elsewhere it raises the score by **{-least:.1f}**: for {words.named(digit)}, {gain}.")
    return " ".join(told) or "No patch changes the score."


def _signed(number: float) -> str:
    return f"{number:+.1f}".replace("-", "−")


# --- layers ---------------------------------------------------------------------------------------------


def _show_layers(subject: CurrentDigit) -> None:
    from mnist_core.diagnosis.feature_maps import layer_maps

    layers = layer_maps(services.model(subject.model).model, subject.digit.pixels)
    if not layers:
        st.caption("This model has no layers to look into: it compares the picture with training digits.")
        return
    by_title = {layer.title: layer for layer in layers}
    chosen = st.pills(
        "Look into a layer",
        list(by_title),
        key=f"why_layer_{'_'.join(str(layer.maps.size) for layer in layers)}",
        help="What each part of the network makes of this digit and passes on to the next.",
    )
    if chosen:
        _show_maps(by_title[chosen])


def _show_maps(layer: "LayerMaps") -> None:
    """All maps on one scale: 0 is black when there is nothing below it, otherwise the middle grey."""
    maps, is_single = layer.maps, len(layer.maps) == 1
    largest = max(float(np.abs(maps).max()), 1e-9)
    if maps.min() >= 0:
        shares, scale = maps / largest, "Black is 0, white the layer's highest activation."
    else:
        shares, scale = maps / largest / 2 + 0.5, "Grey is 0, white far above, black far below it."
    st.caption(f"{layer.help} {scale}")
    pictures = [
        Picture(
            data_url(image),
            f"{layer.name}, {'digit' if layer.of_classes else 'map'} {number}",
            title=str(number) if layer.of_classes else "",
            note=_signed(float(of_one.sum())) if layer.of_classes else "",
            pixels=True,
            large=is_single,
        )
        for number, (image, of_one) in enumerate(zip((shares * 255).round().astype(np.uint8), maps, strict=True))
    ]
    strip(pictures, layer.title, key="why_maps", small=not is_single)
