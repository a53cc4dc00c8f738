"""Pictures that come into the page: drawn, uploaded, taken with a camera, and the several digits that one may hold."""

from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.ui import services
from mnist_core.ui.common import messages, words
from mnist_core.ui.common.pictures import grey
from mnist_core.ui.components.gallery import Tile, gallery

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from mnist_core.preprocessing.pipeline import Preprocessed

MOST_FILES = 60

_KEPT = "uploads_kept"
_LONGEST_NUMBER = 12

Pictures = dict[str, "tuple[str, Preprocessed]"]
"""By an id, which begins with the picture's: what a digit is called, and the digit."""


def drawn(drawing: object) -> Pictures:
    """The digits in a drawing that the pad sent, in reading order; none for one that was never begun.

    Raises:
        UserError: `strokes_unreadable`.
    """
    if drawing is None:
        return {}
    from mnist_core.preprocessing.strokes import drawing_from_json

    whole = services.preprocessed(drawing_from_json(drawing).render())
    found = whole.parts or (whole,)
    return {f"0-{place}": (f"Digit {place + 1} of {len(found)}", one) for place, one in enumerate(found)}


def uploaded() -> Pictures:
    """The digits in the files that people upload; kept while they look at other pages."""
    files = st.file_uploader(
        "Pictures with digits",
        ["png", "jpg", "jpeg", "webp", "bmp"],
        accept_multiple_files=True,
        key="files",
        # Whoever takes the last file away means it; on another page, nothing changes.
        on_change=lambda: None if st.session_state["files"] else _forget(),
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
        "Hold a digit on paper up to the camera",
        key="photo",
        help="The browser asks before it uses the camera. The picture stays on this page.",
    )
    return _digits_in([(photo.name, photo.getvalue())] if photo else [])


def choose(pictures: Pictures, model: str, steps: frozenset[str], key: str) -> "tuple[Preprocessed | None, str]":
    """The digit to look at closely, prepared by the steps: of several, a grid of small answers lets people choose.

    With it comes the number that a row of digits reads; empty for one digit, and for several pictures.

    Raises:
        UserError: When the model cannot be opened.
    """
    ids, number = list(pictures), ""
    if len(ids) > 1:
        digits = [services.with_steps(digit, steps) for _, digit in pictures.values()]
        tiles = []
        for place, (reading, (name, _)) in enumerate(
            zip(services.predict(digits, model), pictures.values(), strict=True)
        ):
            shown = words.answer_of(reading)
            confidence = words.percent(reading.confidence) if reading.digit is not None else "empty"
            top = f"{shown.digit} ?" if reading.verdict == "unsure" else shown.digit
            tiles.append(Tile(place, top, confidence, f"{name}: {shown.headline}"))
            number += shown.digit
        st.caption("Click a digit to examine it.")
        gallery(
            [grey(digit.pixels) for digit in digits],
            tiles,
            "Answers",
            on_pick=lambda place: st.session_state.update({f"{key}_one": ids[place]}),
            key=key,
        )
    chosen = st.session_state.get(f"{key}_one")
    chosen = chosen if chosen in pictures else next(iter(ids), None)
    is_row = len({one.partition("-")[0] for one in ids}) == 1 and len(ids) <= _LONGEST_NUMBER
    return None if chosen is None else services.with_steps(pictures[chosen][1], steps), number if is_row else ""


def _digits_in(files: list[tuple[str, bytes]]) -> Pictures:
    found: Pictures = {}
    for place, (name, content) in enumerate(files):
        with messages.explained(about=name):
            inside = _split(content)
            names = [name] if len(inside) == 1 else [f"{name}, digit {n + 1}" for n in range(len(inside))]
            pairs = zip(names, inside, strict=True)
            found |= {f"{place}-{n}-{digit.key}": (called, digit) for n, (called, digit) in enumerate(pairs)}
    return found


@st.cache_resource(show_spinner=False, max_entries=100)  # not copied at every rerun: nobody writes into them
def _split(content: bytes) -> "tuple[Preprocessed, ...]":
    """The digits in a picture file in reading order; the whole of it when it is blank.

    Raises:
        UserError: `image_...`.
    """
    from mnist_core.preprocessing.pipeline import preprocess

    whole = preprocess(content)
    return tuple(part.downscaled() for part in whole.parts or (whole,))


def _forget() -> None:
    st.session_state.pop(_KEPT, None)
