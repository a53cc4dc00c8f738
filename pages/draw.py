"""Draw: give the network a digit, see its answer and exactly what it sees, and find out why."""

from collections.abc import Callable

import streamlit as st

from mnist_core.ui import navigation, services
from mnist_core.ui.common import messages, mistakes_link, model_choice, widget_state, words
from mnist_core.ui.common.choice import choose
from mnist_core.ui.common.turns import fragment
from mnist_core.ui.components.canvas import canvas, last_drawing
from mnist_core.ui.draw import digit_panels, digit_view, image_sources, mnist_image, steps_choice

navigation.guard()

SOURCES = {
    "draw": ":material/draw: Draw",
    "upload": ":material/upload: Upload",
    "camera": ":material/photo_camera: Camera",
    "test": ":material/image: Test image",
}


@fragment
@messages.explained(part="The drawing")
def draw(model: str, places: digit_view.Places) -> None:
    steps, chosen, subject = steps_choice.selected(), image_sources.Chosen(), None
    with places.answer:
        answer = st.container()
        with messages.explained():
            chosen = image_sources.choose(image_sources.drawn(last_drawing("pad")), model, steps, key="drawn")
            subject = digit_panels.read(chosen.digit, model)
    with answer:
        digit_view.show_answer(subject, words.NOTHING_DRAWN, chosen.row)
        digit_panels.ask(chosen.digit, subject)
    with places.sight:
        digit_view.show_sight(subject)
    with places.source:  # last, because showing the pad again tells the browser that its drawing was answered
        canvas("pad")
    digit_panels.show(subject, model)


@fragment
@messages.explained(part="The picture")
def take(pictures: Callable[[], image_sources.Pictures], model: str, places: digit_view.Places) -> None:
    steps, chosen, subject = steps_choice.selected(), image_sources.Chosen(), None
    with places.inlet, messages.explained():
        chosen = image_sources.choose(pictures(), model, steps, key="uploads")
        subject = digit_panels.read(chosen.digit, model)
    with places.source:
        digit_view.show_source(chosen.digit)
    with places.answer:
        otherwise = words.NOTHING_UPLOADED if chosen.digit is None else words.NOTHING_FOUND
        digit_view.show_answer(subject, otherwise, chosen.row)
        digit_panels.ask(chosen.digit, subject)
    with places.sight:
        digit_view.show_sight(subject)
    digit_panels.show(subject, model)


@fragment
@messages.explained(part="The test image")
def show_test_image(model: str, places: digit_view.Places) -> None:
    with messages.explained_or_stop():
        index = mnist_image.selected()
        picture, label = services.test_picture(index)
        subject = digit_panels.read_mnist(picture, label, model)
    with places.source:
        digit_view.show_sight(subject)
        st.button("Random test image", icon=":material/shuffle:", on_click=mnist_image.choose_any, type="primary")
    with places.answer:
        digit_view.show_answer(subject)
    with places.sight:
        mnist_image.show_truth(index, label, subject.reading if subject else None)
        mistakes_link.show(index)
    digit_panels.show(subject, model)


wanted = "test" if mnist_image.has_arrived() else st.session_state.get("source", "draw")
shown = widget_state.put("source", wanted)
source = choose("Where the digit comes from", SOURCES, "source", default=shown, persist_state="session")
places = digit_view.places(source)
if source != "test":
    mnist_image.leave_address()
model = model_choice.selected()
if source == "draw":
    draw(model, places)
elif source == "test":
    show_test_image(model, places)
else:
    take(image_sources.uploaded if source == "upload" else image_sources.photographed, model, places)
services.preload()  # from here on: before torch is loaded, the pad is to be there
with places.model:  # last, because opening the database takes longer than all the rest
    model_choice.choose("draw_model")
