"""Pictures that come into the page: drawn, uploaded, taken with a camera, and the several digits that one may hold."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.ui import services
from mnist_core.ui.common import messages, words
from mnist_core.ui.common.pictures import grey
from mnist_core.ui.components.answer import Row
from mnist_core.ui.components.gallery import Tile, gallery

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from mnist_core.preprocessing.pipeline import Preprocessed

MOST_FILES = 60

_KEPT = "uploads_kept"
_LONGEST_ROW = 12  # digits; more of them are shown as pictures

Pictures = dict[str, "tuple[str, Preprocessed]"]
"""By an id, which begins with the picture's: what a digit is called, and the digit."""


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The digit to look at closely, and the row that it stands in when one picture holds several."""

    digit: "Preprocessed | None" = None
    row: Row | None = None


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
    from mnist_core.preprocessing.image_header import MAX_BYTES, read_formats

    files = st.file_uploader(
        # Of any kind: of what cannot be read the page says below why.
        f"Pictures with digits: {read_formats('or')}, up to {MAX_BYTES // 2**20} MB each",
        accept_multiple_files=True,
        key="files",
        # Whoever takes the last file away means it; on another page, nothing changes.
        on_change=lambda: None if st.session_state["files"] else _forget(),
        help="In any size and colour: a photo of handwriting will do, on lined or checked paper too. Several digits in "
        "one picture are read one by one.",
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


def choose(pictures: Pictures, model: str, steps: frozenset[str], key: str) -> Chosen:
    """The digit to look at closely, prepared by the steps.

    Of several in one picture the answer lets people choose; of several pictures, a grid of small answers does.

    Raises:
        UserError: When the model cannot be opened.
    """
    ids = list(pictures)
    if not ids:
        return Chosen()
    kept = st.session_state.get(f"{key}_one")
    place = ids.index(kept) if kept in pictures else 0
    digits = [services.with_steps(digit, steps) for _, digit in pictures.values()]
    if len(ids) == 1:
        return Chosen(digits[0])

    def pick(other: int) -> None:
        st.session_state[f"{key}_one"] = ids[other]

    answers = [(words.answer_of(reading), reading) for reading in services.predict(digits, model)]
    if len({one.partition("-")[0] for one in ids}) == 1 and len(ids) <= _LONGEST_ROW:
        return Chosen(digits[place], Row([(shown.digit, shown.headline) for shown, _ in answers], place, pick))
    tiles = []
    for at, ((shown, reading), (name, _)) in enumerate(zip(answers, pictures.values(), strict=True)):
        confidence = words.percent(reading.confidence) if reading.digit is not None else "empty"
        top = f"{shown.digit} ?" if reading.verdict == "unsure" else shown.digit
        tiles.append(Tile(at, top, confidence, f"{name}: {shown.headline}"))
    st.caption("Click a digit to examine it.")
    gallery([grey(digit.pixels) for digit in digits], tiles, "Answers", on_pick=pick, key=key)
    return Chosen(digits[place])


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
