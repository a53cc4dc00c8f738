"""One test image in detail: as it is, what the network makes of it, and whether its label can be right."""

from collections.abc import Callable

import streamlit as st

from mnist_core.ui import services
from mnist_core.ui.common import messages, mistakes_link, query_params, words
from mnist_core.ui.common.pictures import data_url
from mnist_core.ui.common.section import section
from mnist_core.ui.components.answer import answer
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.draw import correction, digit_panels
from mnist_core.ui.draw.current_digit import CurrentDigit
from mnist_core.ui.draw.panels import attribution, diagnosis, measurements, model_comparison, neighbors
from mnist_core.ui.mistakes.comparison_state import Comparison

_PARAMETER = "image"
_OPEN = "mistakes_image"

# Of each part its title, and what shows it.
PARTS: dict[str, tuple[str, Callable[[CurrentDigit], None]]] = {
    "why": ("Attribution", attribution.show),
    "neighbors": ("Nearest training digits", lambda digit: neighbors.show(digit, key="close_up_near")),
    "models": ("Compare models", model_comparison.show),
    "measures": ("Measurements", measurements.show),
    "causes": ("What is wrong?", diagnosis.show),
}


def open_image(index: int) -> None:
    """Show this test image from the next rerun on: for callbacks. The address names it."""
    st.session_state[_OPEN] = index
    query_params.put({_PARAMETER: str(index)})


def close() -> None:
    """Close it: for callbacks."""
    st.session_state.pop(_OPEN, None)
    query_params.put({_PARAMETER: None})


def show(comparison: Comparison) -> None:
    """The open image in a dialog, if one is open; a link can open one."""
    _read_query_param(len(comparison.evaluation.labels))
    index = st.session_state.get(_OPEN)
    if index is None:
        return
    true, predicted = int(comparison.evaluation.labels[index]), int(comparison.evaluation.predicted[index])
    title = f"True {true}, predicted {predicted}" if true != predicted else f"True {true}, correct"
    st.dialog(title, width="large", on_dismiss=close)(_show_image)(comparison, index)


def _read_query_param(count: int) -> None:
    asked = query_params.new_param(_PARAMETER)
    if asked is None:
        return
    if asked.isascii() and asked.isdecimal() and len(asked) < 10 and int(asked) < count:
        open_image(int(asked))
        return
    close()
    messages.show_notices([f"There is no test image “{asked[:20]}”: they are numbered from 0 to {count - 1}."])


@section("The image")
def _show_image(comparison: Comparison, index: int) -> None:
    label = int(comparison.evaluation.labels[index])
    left, right = st.columns([0.34, 0.66], gap="medium")
    with left:
        image, name = data_url(services.test_images()[index]), f"Test image {index:,}"
        picture = Picture(image, name, name, f"labelled {label}", pixels=True, large=True)
        strip([picture], "The image", key="close_up_image")
        mistakes_link.open_in_draw(index, comparison.model.name)
    with right:
        probabilities = comparison.evaluation.probabilities[index].tolist()
        answer(words.answer_of_probabilities(probabilities), key="close_up_answer")
        _show_label_warning(index, label)
    _show_analysis(comparison, index, label)


@section("The analysis")
def _show_analysis(comparison: Comparison, index: int, label: int) -> None:
    chosen = st.segmented_control(
        "Examine",
        list(PARTS),
        format_func=lambda name: PARTS[name][0],
        key="close_up_part",
        persist_state="session",
        wrap=True,
    )
    if chosen is None:
        st.caption("Choose an analysis; each takes a moment when it is first opened.")
        return
    digit = digit_panels.read_mnist(services.test_images()[index], label, comparison.model.name)
    if digit is None:
        st.info("There is no ink in this image.", icon=":material/ink_eraser:")
    else:
        correction.show_undo(digit)
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
