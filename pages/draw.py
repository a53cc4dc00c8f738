"""Draw: give the network a digit, see its answer and exactly what it sees."""

import streamlit as st

from mnist_core.ui import diagnosis_view, digit_view, messages, mnist_image, model_choice, navigation, services, words
from mnist_core.ui.components.canvas import canvas, last_drawing

navigation.guard()
services.warm()

SOURCES = {
    "draw": ":material/draw: Draw",
    "upload": ":material/upload: Upload",
    "test": ":material/shuffle: Surprise me",
}


@st.fragment
def draw(model: str) -> None:
    left, middle, right = digit_view.columns()
    drawing, digit, reading = last_drawing("pad"), None, None
    with middle:
        with messages.explained():
            digit = services.drawn_digit(drawing)
            reading = services.read_one(digit, model)
        digit_view.show_answer(reading, words.NOTHING_DRAWN)
    with right:
        digit_view.show_sight(digit)
    digit_view.show_stages(digit)
    diagnosis_view.ask(drawing, digit, model)
    with left:  # last, because showing the pad again tells the browser that its drawing was answered
        canvas("pad")


@st.fragment
def upload(model: str) -> None:
    files = st.file_uploader(
        "Pictures with one digit each",
        ["png", "jpg", "jpeg", "webp", "bmp"],
        accept_multiple_files=True,
        key="files",
        help="PNG, JPEG, WebP or BMP, up to 10 MB each, in any size and colour: a photo of handwriting will do.",
    )
    names = {file.file_id: file.name for file in files}
    digits = {}
    for file in files:
        with messages.explained(about=file.name):
            digits[file.file_id] = services.uploaded_digit(file.getvalue())
    with messages.explained_or_stop():
        readings = dict(zip(digits, services.read(list(digits.values()), model), strict=True))
    one = digit_view.choose_one(names, digits, readings, key="uploads")
    left, middle, right = digit_view.columns()
    with left:
        if one:
            digit_view.show_picture(digits[one].stages[0].image, names[one], "as it came", key="upload")
    with middle:
        digit_view.show_answer(readings.get(one), words.NOTHING_FOUND if one else words.NOTHING_UPLOADED)
    with right:
        digit_view.show_sight(digits.get(one))
    digit_view.show_stages(digits.get(one))


@st.fragment
def surprise(model: str) -> None:
    left, middle, right = digit_view.columns()
    with messages.explained_or_stop():
        index = mnist_image.chosen()
        digit, label = services.test_digit(index)
        reading = services.read_one(digit, model)
    with left:
        digit_view.show_sight(digit)
        st.button("Surprise me", icon=":material/shuffle:", on_click=mnist_image.choose_any, type="primary")
    with middle:
        digit_view.show_answer(reading)
    with right:
        mnist_image.show_truth(index, label, reading)


with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
    if mnist_image.has_arrived():
        st.session_state["source"] = "test"
    source = st.segmented_control(
        "Where the digit comes from",
        list(SOURCES),
        format_func=SOURCES.__getitem__,
        default="draw",
        required=True,
        key="source",
        persist_state="session",
    )
    model_place = st.container(width=380)
if source != "test":
    mnist_image.leave_address()
{"draw": draw, "upload": upload, "test": surprise}[source](model_choice.chosen())
with model_place:  # last, because listing the models may have to wait for torch
    model_choice.choose("draw_model")
