"""Pictures that come into the page: uploaded, taken with a camera, and the several digits that one may hold."""

from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.ui import services
from mnist_core.ui.common import messages
from mnist_core.ui.draw import digit_view

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from mnist_core.preprocessing.pipeline import Preprocessed

MOST_FILES = 60

_KEPT = "uploads_kept"

Pictures = dict[str, "tuple[str, Preprocessed]"]
"""By an id: what a digit is called, and the digit."""


def uploaded() -> Pictures:
    """The digits in the files that people upload; kept while they look at other pages."""
    files = st.file_uploader(
        "Pictures with digits",
        ["png", "jpg", "jpeg", "webp", "bmp"],
        accept_multiple_files=True,
        key="files",
        on_change=_changed,
        help="PNG, JPEG, WebP or BMP, up to 10 MB each, in any size and colour: a photo of handwriting will do, on "
        "lined or checked paper too. Several digits in one picture are read one by one.",
    )
    if files:
        st.session_state[_KEPT] = [(file.name, file.getvalue()) for file in files[:MOST_FILES]]
    if len(files) > MOST_FILES:
        st.warning(f"Only the first {MOST_FILES} of {len(files)} files are read.", icon=":material/filter_list:")
    kept: list[tuple[str, bytes]] = st.session_state.get(_KEPT, [])
    if kept and not files:
        st.button("Remove the pictures", icon=":material/delete:", on_click=_forget)
    return _digits_in(kept)


def photographed() -> Pictures:
    """The digits in the picture that the camera took."""
    photo: UploadedFile | None = st.camera_input(
        "Hold a digit on paper before the camera",
        key="photo",
        help="The browser asks before it uses the camera. The picture stays on this page.",
    )
    return _digits_in([(photo.name, photo.getvalue())] if photo else [])


def choose(pictures: Pictures, model: str, steps: frozenset[str], key: str) -> "Preprocessed | None":
    """The digit to look at closely, prepared by the steps: of several, a grid of small answers lets people choose.

    Raises:
        UserError: When the model cannot be opened.
    """
    chosen = next(iter(pictures), None)
    if len(pictures) > 1:
        digits = {one: services.with_steps(digit, steps) for one, (_, digit) in pictures.items()}
        readings = dict(zip(digits, services.predict(list(digits.values()), model), strict=True))
        names = {one: name for one, (name, _) in pictures.items()}
        chosen = digit_view.choose_one(names, digits, readings, key)
    return None if chosen is None else services.with_steps(pictures[chosen][1], steps)


def drawn(drawing: object) -> Pictures:
    """The digits in a drawing that the pad sent, in reading order; none for one that was never begun.

    Raises:
        UserError: `strokes_unreadable`.
    """
    picture = services.drawn_picture(drawing)
    if picture is None:
        return {}
    whole = services.preprocessed(picture)
    found = whole.parts or (whole,)
    return {f"{place}": (f"Digit {place + 1} of {len(found)}", one) for place, one in enumerate(found)}


def _digits_in(files: list[tuple[str, bytes]]) -> Pictures:
    found: Pictures = {}
    for place, (name, content) in enumerate(files):
        with messages.explained(about=name):
            inside = services.uploaded_digits(content)
            names = [name] if len(inside) == 1 else [f"{name}, digit {n + 1}" for n in range(len(inside))]
            pairs = zip(names, inside, strict=True)
            found |= {f"{place}-{n}-{digit.key}": (called, digit) for n, (called, digit) in enumerate(pairs)}
    return found


def _changed() -> None:
    """Whoever takes the last file away means it; on another page, nothing changes."""
    if not st.session_state["files"]:
        _forget()


def _forget() -> None:
    st.session_state.pop(_KEPT, None)
