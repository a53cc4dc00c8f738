"""Draw: give the network a digit, see its answer and exactly what it sees, and find out why."""

from collections.abc import Callable

import streamlit as st

from mnist_core.ui import navigation, services
from mnist_core.ui.common import messages, model_choice, widget_state, words
from mnist_core.ui.common.choice import choose
from mnist_core.ui.components.canvas import canvas, last_drawing
from mnist_core.ui.draw import digit_panels, digit_view, image_sources, mnist_image, steps_choice

navigation.guard()

SOURCES = {
    "draw": ":material/draw: Draw",
    "upload": ":material/upload: Upload",
    "camera": ":material/photo_camera: Camera",
    "test": ":material/shuffle: Random test image",
}


@st.fragment
@messages.explained(part="The drawing")
def draw(model: str) -> None:
    left, middle, right = digit_view.columns()
    steps, digit, number, subject = steps_choice.selected(), None, "", None
    with middle:
        answer = st.container()
        with messages.explained():
            digit, number = image_sources.choose(image_sources.drawn(last_drawing("pad")), model, steps, key="drawn")
            subject = digit_panels.read(digit, model)
    with answer:
        digit_view.show_answer(subject, words.NOTHING_DRAWN, number)
        digit_panels.ask(digit, subject)
    with right:
        digit_view.show_sight(subject)
    with left:  # after the answer, because showing the pad again tells the browser that its drawing was answered
        canvas("pad")
    digit_panels.show(subject, model)


@st.fragment
@messages.explained(part="The picture")
def take(pictures: Callable[[], image_sources.Pictures], model: str) -> None:
    steps, digit, number, subject = steps_choice.selected(), None, "", None
    with messages.explained():
        digit, number = image_sources.choose(pictures(), model, steps, key="uploads")
        subject = digit_panels.read(digit, model)
    left, middle, right = digit_view.columns()
    with left:
        digit_view.show_source(digit)
    with middle:
        otherwise = words.NOTHING_UPLOADED if digit is None else words.NOTHING_FOUND
        digit_view.show_answer(subject, otherwise, number)
        digit_panels.ask(digit, subject)
    with right:
        digit_view.show_sight(subject)
    digit_panels.show(subject, model)


@st.fragment
@messages.explained(part="The test image")
def surprise(model: str) -> None:
    left, middle, right = digit_view.columns()
    with messages.explained_or_stop():
        index = mnist_image.selected()
        picture, label = services.test_picture(index)
        subject = digit_panels.read_mnist(picture, label, model)
    with left:
        digit_view.show_sight(subject)
        st.button("Random test image", icon=":material/shuffle:", on_click=mnist_image.choose_any, type="primary")
    with middle:
        digit_view.show_answer(subject)
    with right:
        mnist_image.show_truth(index, label, subject.reading if subject else None)
    digit_panels.show(subject, model)


with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
    wanted = "test" if mnist_image.has_arrived() else st.session_state.get("source", "draw")
    shown = widget_state.put("source", wanted)
    source = choose("Where the digit comes from", SOURCES, "source", default=shown, persist_state="session")
    model_place = st.container(width=380)
if source != "test":
    mnist_image.leave_address()
model = model_choice.selected()
if source == "draw":
    draw(model)
elif source == "test":
    surprise(model)
else:
    take(image_sources.uploaded if source == "upload" else image_sources.photographed, model)
services.preload()  # from here on: before torch is loaded, the pad is to be there
with model_place:  # last, because opening the database takes longer than all the rest
    model_choice.choose("draw_model")
