"""Why this class: which pixels speak for a digit, and what each layer makes of it."""

import math
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.ui import services
from mnist_core.ui.common import messages
from mnist_core.ui.common.heatmap import LEGEND, NOTHING, heat_url
from mnist_core.ui.common.pictures import data_url
from mnist_core.ui.common.section import section
from mnist_core.ui.components.image_strip import Picture, strip

if TYPE_CHECKING:
    from mnist_core.diagnosis.feature_maps import LayerMaps
    from mnist_core.ui.draw.current_digit import CurrentDigit

_KEPT = 200
_READ, _MEANT, _ANYTHING = "read", "meant", "anything"
_LARGEST_RATIO = 1e6  # beyond, the number says no more than "by far"


@section("Why this class?")
def show(subject: "CurrentDigit") -> None:
    """The heat over the digit with its choices, and the layers, which open on a click."""
    picture, choices = st.columns([0.4, 0.6], gap="large")
    with choices:
        digit, other = _choose_digits(subject)
        method = _choose_method()
        words = st.container()
    with picture, messages.explained():
        heat = _heat(subject, digit, other, method)
        title = _question(digit, other)
        strip([Picture(heat_url(heat, subject.digit.pixels), title, title, LEGEND, large=True)], title, "why_heat")
        with words:
            st.markdown(_told(heat, digit, other, method))
    _show_layers(subject)


def _choose_digits(subject: "CurrentDigit") -> tuple[int, int | None]:
    """The digit to explain, and the one to hold it against."""
    read = subject.reading.digit or 0
    named = {_READ: read, **({} if subject.label is None else {_MEANT: subject.label})}
    titles = {
        _READ: f"{read}, which it reads",
        _MEANT: f"{subject.label}, which was meant",
        _ANYTHING: "nothing in particular",
        **{str(digit): str(digit) for digit in range(10)},
    }
    options = [*named, *(str(digit) for digit in range(10))]
    with st.container(horizontal=True):
        chosen = st.selectbox(
            "What speaks for a", options, format_func=titles.__getitem__, key=_key("why_digit", read, subject.label)
        )
        against = st.selectbox(
            "rather than a",
            [_ANYTHING, *options],
            format_func=titles.__getitem__,
            key=_key("why_other", read, subject.label),
            help="Against another digit only that counts which tells the two apart: the difference of their scores.",
        )
    digit, other = (named[one] if one in named else int(one) for one in (chosen, _number(against)))
    return digit, None if against == _ANYTHING or other == digit else other


def _number(option: str) -> str:
    return "0" if option == _ANYTHING else option


def _key(name: str, read: int, meant: int | None) -> str:
    """A choice is kept while its options read the same."""
    return f"{name}_{read}_{meant}"


def _choose_method() -> str:
    from mnist_core.diagnosis.attribution import METHODS

    methods = {method.name: method for method in METHODS}
    lines = [f"- **{method.title}.** {messages.plain(method.help)}" for method in METHODS]
    return str(
        st.segmented_control(
            "How to find out",
            list(methods),
            format_func=lambda name: methods[name].title,
            default="gradients",
            required=True,
            key="why_method",
            help="\n".join(lines),
        )
    )


def _heat(subject: "CurrentDigit", digit: int, other: int | None, method: str) -> NDArray[np.float32]:
    steps, version = tuple(sorted(subject.steps)), services.version(subject.model)
    return _kept_heat(subject, subject.key, steps, subject.model, version, digit, other, method)


@st.cache_resource(show_spinner="Asking each pixel …", max_entries=_KEPT)
def _kept_heat(
    _subject: "CurrentDigit",
    picture: str,  # noqa: ARG001
    steps: tuple[str, ...],  # noqa: ARG001
    model: str,
    version: int,  # noqa: ARG001
    digit: int,
    other: int | None,
    method: str,
) -> NDArray[np.float32]:
    from mnist_core.diagnosis.attribution import attribute

    return attribute(services.model(model).model, _subject.digit.pixels, digit, other, method)


def _question(digit: int, other: int | None) -> str:
    return f"Why {_named(digit)}?" if other is None else f"Why {_named(digit)} and not {_named(other)}?"


def _told(heat: NDArray[np.float32], digit: int, other: int | None, method: str) -> str:
    """What the heat amounts to, in words."""
    if method != "gradients":
        return _told_of_patches(heat, digit, method)
    for_it, against_it = float(heat[heat > 0].sum()), float(-heat[heat < 0].sum())
    total = for_it - against_it
    if other is None:
        return (
            f"Against empty paper, this ink changes the score of {_named(digit)} by **{_signed(total)}**: "
            f"{for_it:.1f} for it, {against_it:.1f} against it. (The scores become probabilities: one that is 1 higher "
            f"makes a digit {math.e:.1f} times as likely.)"
        )
    likelier, less = (digit, other) if total >= 0 else (other, digit)
    times = math.exp(min(abs(total), 100.0))
    ratio = f"{times:,.1f}" if times < 100 else f"{times:,.0f}" if times < _LARGEST_RATIO else "over a million"
    return (
        f"Between the two, this ink makes {_named(likelier)} **{ratio} times** as likely against {_named(less)} as "
        f"empty paper does: {for_it:.1f} points for {_named(digit)}, {against_it:.1f} for {_named(other)}."
    )


def _told_of_patches(heat: NDArray[np.float32], digit: int, method: str) -> str:
    cover = "ink" if method == "ink" else "paper"
    most, least = float(heat.max()), float(heat.min())
    told = [f"Where it matters most, a patch of {cover} takes **{most:.1f}** off the score."] if most > NOTHING else []
    if least < -NOTHING:
        gain = "ink is missing there" if method == "ink" else "the ink there is in the way"
        told.append(f"Elsewhere it adds **{-least:.1f}**: for {_named(digit)}, {gain}.")
    return " ".join(told) or "No patch changes the score."


def _signed(number: float) -> str:
    return f"{number:+.1f}".replace("-", "−")


def _named(digit: int) -> str:
    return f"an {digit}" if digit == 8 else f"a {digit}"


# --- layers ---------------------------------------------------------------------------------------------


def _show_layers(subject: "CurrentDigit") -> None:
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
        help="What each part of the network makes of this digit and hands on to the next.",
    )
    if chosen:
        _show_maps(by_title[chosen])


def _show_maps(layer: "LayerMaps") -> None:
    st.caption(f"{layer.help} {_scale_in_words(layer)}")
    images, single = _greys(layer.maps), len(layer.maps) == 1
    pictures = [
        Picture(
            data_url(image),
            f"{layer.name}, {'digit' if layer.of_classes else 'map'} {number}",
            title=str(number) if layer.of_classes else "",
            note=_signed(float(maps.sum())) if layer.of_classes else "",
            pixels=True,
            large=single,
        )
        for number, (image, maps) in enumerate(zip(images, layer.maps, strict=True))
    ]
    strip(pictures, layer.title, key="why_maps", small=not single)


def _greys(maps: NDArray[np.float32]) -> NDArray[np.uint8]:
    """All maps (C, H, W) on one scale: 0 is black when there is nothing below it, otherwise the middle grey."""
    largest = max(float(np.abs(maps).max()), 1e-9)
    shares = maps / largest if maps.min() >= 0 else maps / largest / 2 + 0.5
    greys: NDArray[np.uint8] = (shares * 255).round().astype(np.uint8)
    return greys


def _scale_in_words(layer: "LayerMaps") -> str:
    if layer.maps.min() >= 0:
        return "Black is 0, white the layer's strongest answer."
    return "Grey is 0; white is strongly above, black strongly below it."
