"""The open test image, in the place of the images beside which it stood: what the model makes of it, and why.

Which one is open stands in the page's address and nowhere else: so a link opens it, a reload keeps it, and the
browser's Back closes it.
"""

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.ui import services
from mnist_core.ui.common import background_task, messages, mistakes_link, query_params, words
from mnist_core.ui.common.pictures import data_url
from mnist_core.ui.common.section import section
from mnist_core.ui.common.turns import fragment
from mnist_core.ui.components.answer import answer
from mnist_core.ui.components.history import ONE_ENTRY
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.components.open_image import Keys, open_image_heading
from mnist_core.ui.draw import correction, digit_panels
from mnist_core.ui.draw.current_digit import CurrentDigit
from mnist_core.ui.draw.panels import attribution, diagnosis, measurements, model_comparison, neighbors
from mnist_core.ui.mistakes.comparison_state import Comparison

PARAMETER = "image"
"""Its number in the page's address."""

_ORDER = "mistakes_order"  # the images that Previous and Next go through
_NOW = "mistakes_image_now"  # the open one, which Previous and Next go on from
_OPENED_NOW = "mistakes_opened_now"
_LEFT = "mistakes_left_image"
_SHOWN = "mistakes_image_shown"
_LOOK_AGAIN_S = 1.0
_KEYS = Keys(left="image_previous", right="image_next", escape="image_close")

# Of each further part its title, and what shows it.
PARTS: dict[str, tuple[str, Callable[[CurrentDigit], None]]] = {
    "why": ("Attribution", attribution.show),
    "neighbors": ("Nearest training digits", lambda digit: neighbors.show(digit, key="close_up_near")),
    "models": ("Compare models", model_comparison.show),
    "measures": ("Measurements", measurements.show),
}


def opened(count: int) -> int | None:
    """The open one of so many test images; None when none is."""
    asked = query_params.get(PARAMETER) or ""
    is_number = asked.isascii() and asked.isdecimal() and len(asked) < 10
    return int(asked) if is_number and int(asked) < count else None


def is_open(comparison: Comparison) -> bool:
    """Whether one of the images is open, which needs the room beside a panel."""
    return opened(len(comparison.evaluation.labels)) is not None


def open_image(index: int) -> None:
    """Show this test image from the next rerun on: for callbacks."""
    st.session_state[_OPENED_NOW] = True
    query_params.put({PARAMETER: str(index)})


def close() -> None:
    """Close the open one: for callbacks."""
    st.session_state[_LEFT] = query_params.get(PARAMETER)
    query_params.put({PARAMETER: None})


def left() -> int | None:
    """The image that was closed just now, to be told once."""
    closed: str | None = st.session_state.pop(_LEFT, None)
    return int(closed) if closed and closed.isdecimal() else None


def show_beside(
    comparison: Comparison,
    show_panel: Callable[[], None],
    show_images: Callable[[], None],
    widths: Sequence[float] = (0.5, 0.5),
) -> None:
    """Show a panel on the left, and on the right its images or the open one.

    On a phone an open one comes first; so it does in time, for whatever came later above it would push it down.
    """
    left, right = st.columns(widths, gap="large")
    sides = [(left, show_panel), (right, show_images)]
    for place, show_side in reversed(sides) if is_open(comparison) else sides:
        with place:
            show_side()


def begin(count: int) -> None:
    """To come before whatever may show the open image: of so many images, says so when a link opens none of them."""
    st.session_state[_SHOWN] = False
    asked = query_params.get(PARAMETER)
    if asked is not None and opened(count) is None:
        query_params.put({PARAMETER: None})
        messages.show_notices([f"There is no test image “{asked[:20]}”: they are numbered from 0 to {count - 1}."])


def show_elsewhere(comparison: Comparison) -> None:
    """The open image, where nothing has shown it in this run."""
    if not st.session_state[_SHOWN] and is_open(comparison):
        show(comparison, np.array([], np.int64))


@section("The image")
def show(comparison: Comparison, order: NDArray[np.int64]) -> None:
    """The open image: its evidence, and the way to the others of `order`, in which it may be missing."""
    index = opened(len(comparison.evaluation.labels))
    if index is None:
        return
    ids: list[int] = order.tolist()
    st.session_state[_SHOWN], st.session_state[_NOW], st.session_state[_ORDER] = True, index, ids
    with st.container(key="mistakes_image"):
        _show_way(index, ids)
        true, predicted = int(comparison.evaluation.labels[index]), int(comparison.evaluation.predicted[index])
        title = f"True {true}, predicted {predicted}" if true != predicted else f"True {true}, correct"
        now = st.session_state.pop(_OPENED_NOW, False)
        open_image_heading(title, f"Test image {index:,}", _KEYS, go_there=now, key="image_heading")
        _show_evidence(comparison, index, true)


def _show_way(index: int, order: Sequence[int]) -> None:
    """The buttons to the images before and after this one, and back to all of them."""
    place = order.index(index) if index in order else None
    key = "image_way" if order else "image_way_alone"
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key=key):
        label, icon = ("Back to the images", "arrow_back") if order else ("Close", "close")
        st.button(label, icon=f":material/{icon}:", on_click=close, key=_KEYS.escape, help="Escape")
        if not order:
            return
        with st.container(
            horizontal=True, width="content", vertical_alignment="center", gap="small", key=f"{ONE_ENTRY}_images"
        ):
            st.button(
                "Previous", icon=":material/chevron_left:", on_click=_step, args=(-1,), key=_KEYS.left, help="←",
                disabled=not place,
            )  # fmt: skip
            st.markdown("–" if place is None else f"{place + 1:,} of {len(order):,}", width="content")
            st.button(
                "Next", icon=":material/chevron_right:", on_click=_step, args=(1,), key=_KEYS.right, help="→",
                disabled=place == len(order) - 1,
            )  # fmt: skip


def _step(by: int) -> None:
    """Open the one so many places on from the open one; the first when that is not among them: for callbacks."""
    order: list[int] = st.session_state[_ORDER]
    # Not the address: of quick presses, the second one comes with the address from before the first.
    now = st.session_state[_NOW]
    place = order.index(now) + by if now in order else 0
    if 0 <= place < len(order):
        st.session_state[_NOW] = order[place]
        query_params.put({PARAMETER: str(order[place])})


@section("The evidence")
def _show_evidence(comparison: Comparison, index: int, label: int) -> None:
    """What is there at once comes first; what takes a moment fills the places that are kept for it."""
    sight, told = st.columns([0.36, 0.64], gap="medium")
    with sight, st.container(key="image_sight"):
        image, name = data_url(services.test_images()[index]), f"Test image {index:,}"
        strip([Picture(image, name, name, f"labelled {label}", pixels=True, large=True)], "The image", "close_up_image")
        near = st.container(key="image_near", gap="xsmall")
    with told:
        _show_answer(comparison, index)
        mistakes_link.open_in_draw(index, comparison.model.name)
    why, doubt = st.container(key="image_why"), st.container()
    digit = digit_panels.read_mnist(services.test_images()[index], label, comparison.model.name)
    if digit is None:
        why.info("There is no ink in this image.", icon=":material/ink_eraser:")
        return
    with why:
        correction.show_undo(digit)
        diagnosis.show(digit)
    with doubt:
        _show_label_warning(index, label)
    with near:
        _show_nearest(digit)
    _show_analysis(digit)


def _show_answer(comparison: Comparison, index: int) -> None:
    """What the model predicts, with the confidence that all else about the open image has, and Draw: calibrated."""
    from mnist_core.evaluation.reliability import calibrated

    own = comparison.evaluation.probabilities[index : index + 1]
    probabilities = calibrated(own, services.model(comparison.model.name).model.temperature)[0]
    answer(words.answer_of_probabilities(probabilities.tolist()), key="close_up_answer")
    before, now = (words.percent(float(shares.max())) for shares in (own, probabilities))
    if before != now:
        st.caption(f"Calibrated, as on Draw. The model's own confidence, as among the images, is {before}.")


def _show_nearest(digit: CurrentDigit) -> None:
    """The three nearest training digits. A model's first embeddings take seconds, in which the buttons go on working.

    Who waited for them in the page's fragment would hold up every press: Streamlit interrupts a fragment for none.
    """
    st.caption("Nearest in training")
    if services.neighbors(digit.model).wait(0):
        neighbors.show_nearest(digit, key="image_nearest")
    else:
        fragment(_look_again, run_every=_LOOK_AGAIN_S)(digit.model)


def _look_again(model: str) -> None:
    made = services.neighbors(model)
    if made.wait(0):
        st.rerun()
    st.progress(made.share, background_task.NEIGHBORS)


@section("The analysis")
def _show_analysis(digit: CurrentDigit) -> None:
    """What is worth a closer look, one thing at a time."""
    titles = {name: title for name, (title, _) in PARTS.items()}
    chosen = st.segmented_control(
        "Look closer", list(titles), format_func=titles.__getitem__, key="close_up_part", persist_state="session",
        wrap=True,
    )  # fmt: skip
    if chosen is not None:
        PARTS[chosen][1](digit)


@section("The label")
def _show_label_warning(index: int, label: int) -> None:
    """Say so when nearly all shipped models contradict the label and agree on another digit."""
    from mnist_core.evaluation.test_label_errors import contradicting_digit

    predictions = _shipped_predictions(index)
    digit = contradicting_digit(predictions, label)
    if digit is not None:
        st.warning(
            f"**The label may be wrong.** {predictions.count(digit)} of the {len(predictions)} shipped models predict "
            f"{digit} here, though none was trained on this image; {predictions.count(label)} predict the label, "
            f"{label}.",
            icon=":material/flag:",
        )


@st.cache_resource(show_spinner=False, max_entries=1000)
def _shipped_predictions(index: int) -> tuple[int, ...]:
    """What each shipped model predicts for this test image.

    Raises:
        UserError: When a model or MNIST cannot be opened.
    """
    image = services.test_images()[index : index + 1]
    return tuple(services.predicted_digits(one.name, image)[0] for one in services.shipped_choices())
