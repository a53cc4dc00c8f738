"""A run's epochs: what the model was like after each of them."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from mnist_core.training.events import Epoch, EpochCheck
from mnist_core.ui import services
from mnist_core.ui.common import words
from mnist_core.ui.common.pictures import data_url
from mnist_core.ui.common.section import section
from mnist_core.ui.components.answer import answer
from mnist_core.ui.components.curves import Mark
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.components.matrix import Picked, matrix
from mnist_core.ui.train.run import tracked_drawing
from mnist_core.ui.train.run.snapshot import Record

if TYPE_CHECKING:
    from mnist_core.runs.registry import LoadedModel

_OPEN_EPOCHS = 12
_NAMED_CELLS = 8  # of a cell's history, so that the sentence stays one


def chosen(record: Record) -> int:
    """The epoch that is looked at: the kept one at first; 0 before the first."""
    epoch: int = st.session_state.get(_key(record), record.kept_epoch)
    return epoch


def mark(record: Record) -> list[Mark]:
    """Where on the curves that epoch ends, when it is one of several and has no mark as the kept one."""
    epoch = chosen(record)
    is_marked = bool(record.run.recipe.early_stopping) and epoch == record.kept_epoch
    return [Mark(epoch, f"Epoch {epoch}")] if record.run.epochs_done > 1 and not is_marked else []


@section("The epochs of the run")
def show(record: Record) -> None:
    """A slider through the epochs, and at the chosen one the figures, the drawing's reading and the confusion matrix.

    Raises:
        UserError: When the database cannot answer or the weights cannot be read.
    """
    epochs = _with_weights(record.run.id, record.run.epochs_done)
    if not epochs:
        return
    st.markdown("##### :material/history: After each epoch")
    epoch = _choose(record, epochs)
    row = next(row for row in record.curve.epochs if row.epoch == epoch)
    checked = next((one for one in record.insight.checked if one.epoch == epoch), None)
    st.markdown(figure_words(row, checked))
    left, right = st.columns([0.42, 0.58], gap="medium")
    with left:
        _show_drawing(record, epoch)
    with right:
        if checked is not None:
            _show_confusion(record, checked)


def figure_words(row: Epoch, checked: EpochCheck | None) -> str:
    """How right the model was after an epoch, in a line."""
    validation = f"**Validation** {words.percent(row.validation_accuracy, 2)}, loss {row.validation_loss:.3f}"
    if checked is None:
        return f"{validation} · **Training** {words.percent(row.training_accuracy, 2)} while training"
    training = f"**Training** {words.percent(checked.training_accuracy, 2)}, loss {checked.training_loss:.3f}"
    return f"{validation} · {training} :gray[(of {checked.images:,} images)]"


def cell_words(cell: Picked, checked: tuple[EpochCheck, ...], epoch: int) -> str:
    """How often one kind of mistake was made, now and after the other epochs."""
    counts = {one.epoch: _count_in(cell, one.confusion) for one in checked}
    what = _kind_in_words(cell)
    step = -(-len(counts) // _NAMED_CELLS) or 1
    history = " → ".join(str(counts[one]) for one in list(counts)[::step])
    return f"**{what[0].upper() + what[1:]}:** {counts.get(epoch, 0)} after epoch {epoch}. Over the epochs: {history}."


def _count_in(cell: Picked, confusion: list[list[int]]) -> int:
    """How many images are in a cell, or are misread in a row or a column."""
    true, read = cell
    if true is not None and read is not None:
        return confusion[true][read]
    line = confusion[true] if true is not None else [row[read] for row in confusion if read is not None]
    return sum(line) - line[true if true is not None else read or 0]


def _kind_in_words(cell: Picked) -> str:
    true, read = cell
    if true is None:
        return f"predicted as {read} by mistake"
    if read is None:
        return f"{words.named(true)} misclassified"
    return f"{words.named(true)} {'classified correctly' if read == true else f'predicted as {read}'}"


def _choose(record: Record, epochs: tuple[int, ...]) -> int:
    key, kept = _key(record), record.kept_epoch
    if len(epochs) == 1 or st.session_state.get(key) not in epochs:
        st.session_state.pop(key, None)
    if len(epochs) == 1:
        return epochs[0]
    epoch: int = st.select_slider(
        "Epoch",
        list(epochs),
        value=st.session_state.get(key, kept if kept in epochs else epochs[-1]),
        format_func=lambda epoch: f"{epoch}, kept" if epoch == kept else str(epoch),
        key=key,
        label_visibility="collapsed",
    )
    return epoch


def _key(record: Record) -> str:
    return f"epoch_of_{record.run.id}"


def _show_drawing(record: Record, epoch: int) -> None:
    import torch

    from mnist_core.training.inference import predict_probabilities

    own = tracked_drawing.of_run(record.run.id)
    pinned = tracked_drawing.current() if own is None else tracked_drawing.Pinned(own, "the drawing that it tracked")
    batch = torch.from_numpy(pinned.pixels.copy())[None]
    probabilities: list[float] = predict_probabilities(_open(record.run.id, epoch).model, batch)[0].tolist()
    with st.container(width=104):
        title = pinned.title[0].upper() + pinned.title[1:]
        strip([Picture(data_url(pinned.pixels), title, note=title, pixels=True)], "Read", "read_at_epoch")
    answer(words.answer_of_probabilities(probabilities), key="answer_at_epoch")


def _show_confusion(record: Record, checked: EpochCheck) -> None:
    key = f"cell_of_{record.run.id}"
    cell: Picked | None = st.session_state.get(key)
    matrix(
        np.array(checked.confusion, dtype=np.int64),
        shows="counts",
        selected=cell,
        on_pick=lambda picked: st.session_state.update({key: picked}),
        key="epoch_matrix",
    )
    if cell is None:
        st.caption("Validation images. Click a cell to see how it changed over the epochs.")
    else:
        st.caption(cell_words(cell, record.insight.checked, checked.epoch))


@st.cache_resource(show_spinner=False, max_entries=_OPEN_EPOCHS)
def _open(run_id: str, epoch: int) -> "LoadedModel":
    from mnist_core.runs.registry import open_epoch

    return open_epoch(run_id, epoch, services.store())


@st.cache_resource(show_spinner=False, max_entries=200)
def _with_weights(run_id: str, epochs_done: int) -> tuple[int, ...]:  # noqa: ARG001
    return services.store().epochs_with_weights(run_id)
