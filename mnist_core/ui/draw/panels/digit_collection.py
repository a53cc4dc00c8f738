"""My digits: the drawings that somebody saves, what the model reads in them, and fine-tuning it on them."""

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.ui import navigation, services
from mnist_core.ui.common import messages, words
from mnist_core.ui.common.choice import choose
from mnist_core.ui.common.pictures import data_url, grey
from mnist_core.ui.common.section import section
from mnist_core.ui.common.turns import fragment
from mnist_core.ui.common.visitor import visitor
from mnist_core.ui.components.gallery import Tile, gallery
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.draw.current_digit import CurrentDigit
from mnist_core.ui.train import run_control
from mnist_core.ui.train.run_view import POLL_S

if TYPE_CHECKING:
    from mnist_core.evaluation.evaluation import Evaluation
    from mnist_core.preprocessing.digit_collection import Unpacked
    from mnist_core.runs.queue.live import Live
    from mnist_core.runs.run import Run
    from mnist_core.runs.store.collection_store import KeptDigit, MyDigits
    from mnist_core.training.events import FineTuneResult

_PAGE_SIZE = 60
_NAMED = 12  # files of a zip that could not be taken
_UPLOAD_MB = 32
_GOOD_START = 20  # digits to recommend
_SIGNIFICANT_BELOW = 0.05

_REFUSAL = "my_digits_refusal"
_TAKEN = "my_digits_taken"
_PICKED = "my_digits_picked"
_IMPORTED = "my_digits_imported"  # the number of the import: another number empties the field

_NEUTRAL: dict[str, Any] = {"delta_color": "off", "delta_arrow": "off", "width": "content"}  # of a number beside one
_TEST_HELP = "MNIST's 10,000 test images, evaluated once, after fine-tuning."
_YOURS_HELP = (
    "Only you see them: they are saved for this browser, which holds the key to them in a cookie. "
    "Export them to take them to another one."
)
_READ_HELP = (
    "Each digit gets MNIST preprocessing, whatever steps are switched on, so that models can be compared. "
    "If you mostly save misread digits, this says nothing about how often you are misread."
)
_MEASURED_HELP = (
    "Cross-validation: three more models were fine-tuned alongside, each without a third of your digits, and each "
    "digit was read by the one that had not seen it. The model you get has learned from all of them."
)


def show(subject: CurrentDigit) -> None:
    """Save the digit that is on the page, and everything of `show_set`."""
    _show_saving(subject)
    show_set(subject.model)


@section("My digits")
def show_set(model: str) -> None:
    """The visitor's digits as that model reads them; export and import; and fine-tuning the model on them."""
    run_control.show_refusal()
    messages.show_refusal(_REFUSAL)
    if taken := st.session_state.pop(_TAKEN, ""):  # what an import brought is said once
        st.success(taken, icon=":material/check:")
    kept = _collection().all(visitor())
    if kept:
        with st.spinner("Reading your digits …"):
            evaluation = _evaluate(model, tuple((one.fingerprint, one.label) for one in kept), kept)
        _show_headline(evaluation)
        _show_tiles(kept, evaluation)
    else:
        st.caption("No digit is saved yet. The ones you save become a test set of your own handwriting.")
    _show_export_and_import(kept)
    _show_fine_tuning(model, kept)


# --- saving one -----------------------------------------------------------------------------------------


@section("Saving this digit")
def _show_saving(subject: CurrentDigit) -> None:
    from mnist_core.preprocessing.digit_collection import fitted
    from mnist_core.preprocessing.pipeline import picture_key

    picture = fitted(subject.digit)
    if picture is None:
        return
    name = picture_key(picture)
    known = next((one.label for one in _collection().all(visitor()) if one.fingerprint == name), None)
    label = subject.reading.digit if subject.label is None else subject.label
    if label is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if known is None:
            text = f"Save as {words.named(label)}"
            st.button(text, icon=":material/bookmark_add:", type="primary", on_click=_save, args=(picture, label))
        elif known == label or subject.label is None:
            st.badge(f"Saved as {words.named(known)}", icon=":material/bookmark_added:", color="green")
        else:
            text = f"Change label from {known} to {label}"
            st.button(text, icon=":material/edit:", on_click=_save, args=(picture, label))
        if subject.label is None and known is None:
            st.caption("Is it another digit? Say so under the answer.", width="content")


def _save(picture: NDArray[np.uint8], label: int) -> None:
    with messages.refusal_kept(_REFUSAL):
        _collection().keep(visitor(), picture, label)


def _remove(ids: Sequence[int]) -> None:
    with messages.refusal_kept(_REFUSAL):
        _collection().remove(visitor(), ids)


# --- the set --------------------------------------------------------------------------------------------


def _show_headline(evaluation: "Evaluation") -> None:
    count = len(evaluation.labels)
    right = int(evaluation.is_right.sum())
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        accuracy = words.percent(evaluation.accuracy)
        st.metric("Accuracy on my digits", f"{right} of {count}", accuracy, help=_READ_HELP, **_NEUTRAL)
        st.caption(
            f"With {words.counted(count, 'digits')}, the true accuracy on your handwriting is "
            f"{_interval(right, count)} (95 % confidence interval).",
            help=_YOURS_HELP,
            width="content",
        )


def _show_tiles(kept: "Sequence[KeptDigit]", evaluation: "Evaluation") -> None:
    wrong = {int(place) for place in evaluation.mistakes()}
    places = list(reversed(range(len(kept))))  # the newest first
    if wrong and len(wrong) < len(kept):
        names = {"all": f"All {len(kept)}", "wrong": f"Misread {len(wrong)}"}
        shown = choose("Which", names, "my_digits_which", label_visibility="collapsed")
        places = [place for place in places if shown == "all" or place in wrong]
    pages = -(-len(places) // _PAGE_SIZE)
    page = min(st.session_state.get("my_digits_page", 1), pages) if pages > 1 else 1
    places = places[(page - 1) * _PAGE_SIZE : page * _PAGE_SIZE]
    pixels = _pixels(kept)
    tiles = []
    for place in places:
        one, read = kept[place], int(evaluation.predicted[place])
        verdict = "✓ correct" if read == one.label else f"✗ read as {read}"
        tiles.append(Tile(one.id, str(one.label), verdict, f"A {one.label}, {_verdict(one, read)}"))
    gallery(
        [grey(pixels[place]) for place in places],
        tiles,
        "My digits",
        on_pick=lambda picked: st.session_state.update({_PICKED: picked}),
        key="my_digits",
    )
    if pages > 1:
        st.pagination(pages, key="my_digits_page")
    _show_picked(kept, evaluation)


def _show_picked(kept: "Sequence[KeptDigit]", evaluation: "Evaluation") -> None:
    place = next((place for place, one in enumerate(kept) if one.id == st.session_state.get(_PICKED)), None)
    if place is None:
        st.caption("Click a digit to change its label or remove it.")
        return
    one, read = kept[place], int(evaluation.predicted[place])
    line = st.container(horizontal=True, gap="medium", vertical_alignment="center")
    with line.container(width=120):
        strip([Picture(data_url(one.picture), f"A {one.label}, as it was saved")], "The digit", key="my_digit_picked")
    with line.container(width="content"):
        confidence = words.percent(float(evaluation.confidence[place]))
        verdict = f"**{words.named(one.label).capitalize()}, {_verdict(one, read)}** ({confidence})"
        st.markdown(f"{verdict} · saved {words.ago(one.kept_at)}")
        key = f"relabel_{one.id}"
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.segmented_control(
                "Label", list(range(10)), default=one.label, required=True, key=key, wrap=True,
                on_change=lambda: _save(one.picture, st.session_state[key]),
            )  # fmt: skip
            st.button("Remove", icon=":material/delete:", on_click=_remove, args=([one.id],), key="remove_one")


def _verdict(one: "KeptDigit", read: int) -> str:
    return "read correctly" if read == one.label else f"read as {words.named(read)}"


# --- export and import ----------------------------------------------------------------------------------


def _show_export_and_import(kept: "Sequence[KeptDigit]") -> None:
    with st.container(horizontal=True, gap="small"):
        if kept:
            st.download_button(
                "Export",
                partial(zip_of, kept),
                "my_digits.zip",
                "application/zip",
                icon=":material/download:",
                on_click="ignore",
                help="A zip of PNGs and a labels.csv with the label of each.",
            )
        with st.popover("Import", icon=":material/upload:"):
            number = st.session_state.get(_IMPORTED, 0)
            st.file_uploader(
                "A zip of PNGs and a labels.csv (file, label)",
                "zip",
                key=f"my_digits_zip_{number}",
                on_change=lambda: _import(st.session_state[f"my_digits_zip_{number}"]),
                max_upload_size=_UPLOAD_MB,
            )
        if kept:
            ids = [one.id for one in kept]
            with st.popover("Remove all", icon=":material/delete:", type="tertiary"):
                st.markdown(
                    f"This cannot be undone: {words.counted(len(ids), 'digits')} will be deleted. Export them first."
                )
                st.button("Remove all", type="primary", on_click=_remove, args=(ids,), key="remove_all")


def zip_of(kept: "Sequence[KeptDigit]") -> bytes:
    """The digits as the export gives them."""
    from mnist_core.preprocessing.digit_collection import to_zip

    return to_zip([one.as_my_digit() for one in kept])


def _import(file: object) -> None:
    from mnist_core.preprocessing.digit_collection import from_zip

    content = getattr(file, "getvalue", lambda: None)()
    if content is None:
        return
    st.session_state[_IMPORTED] = st.session_state.get(_IMPORTED, 0) + 1
    with messages.refusal_kept(_REFUSAL):
        unpacked = from_zip(content)
        new = _collection().add(visitor(), unpacked.digits)
        st.session_state[_TAKEN] = _import_words(unpacked, new)


def _import_words(unpacked: "Unpacked", new: int) -> str:
    known = len(unpacked.digits) - new
    taken = f"{words.counted(new, 'digits')} added" + (f", {known} were here already." if known else ".")
    named = [f"{messages.plain(one.name)} {messages.plain(one.why)}" for one in unpacked.skipped[:_NAMED]]
    more = len(unpacked.skipped) - len(named)
    return "  \n".join([taken, *named, *([f"… and {more} more could not be read."] if more else [])])


# --- fine-tuning ----------------------------------------------------------------------------------------


@section("Fine-tuning")
def _show_fine_tuning(model: str, kept: "Sequence[KeptDigit]") -> None:
    st.markdown("##### Fine-tuning")
    tuned = _collection().newest_fine_tuning(visitor())
    is_active = tuned is not None and services.engine().live(tuned.id).is_active
    if not is_active:
        _show_offer(model, kept)
    if tuned is not None:
        fragment(_watch, run_every=POLL_S if is_active else None)(tuned.id, is_active)


def _show_offer(model: str, kept: "Sequence[KeptDigit]") -> None:
    from mnist_core.runs.fine_tune_job import supports_fine_tuning
    from mnist_core.training.fine_tuning import LEAST_DIGITS

    if not supports_fine_tuning(services.model(model)):
        st.caption("A support vector machine is fitted in one go, not in steps: choose a network to fine-tune.")
        return
    title = messages.plain(services.model_option(model).title)
    st.caption(
        f"“{title}” trains for a few more steps on your digits, mixed with MNIST's so that it does not "
        "forget those. Takes about 10 s and creates a new model; the original stays as it is."
    )
    st.button(
        "Teach it my handwriting",
        icon=":material/school:",
        type="primary",
        on_click=_fine_tune,
        args=(model, kept),
        disabled=len(kept) < LEAST_DIGITS,
    )
    missing = [str(digit) for digit in range(10) if digit not in {one.label for one in kept}]
    if len(kept) < LEAST_DIGITS:
        st.caption(
            f"Save at least {LEAST_DIGITS} digits first; {_GOOD_START} or more, some of every digit, work better."
        )
    elif missing:
        st.caption(
            f":material/lightbulb: You have no {', '.join(missing)} yet. Save some of those, too, or the model may "
            "mistake yours for other digits."
        )
    elif len(kept) < _GOOD_START:
        st.caption(f":material/lightbulb: {_GOOD_START} digits or more work better.")


def _fine_tune(model: str, kept: "Sequence[KeptDigit]") -> None:
    from mnist_core.runs.fine_tune_job import name_for, prepare, recipe_for

    with messages.refusal_kept(_REFUSAL):
        trained = services.model(model)
        job = prepare(trained, _pixels(kept), [one.label for one in kept], visitor())
        run_control.start(recipe_for(trained), name_for(trained, len(kept)), job)


def _watch(run_id: str, was_active: bool) -> None:
    """How far the fine-tuning is, or what came of it."""
    with messages.explained(part="Fine-tuning"):
        live = services.engine().live(run_id)
        if live.is_active:
            st.progress(words.share_done(live), text=_progress_words(live))
            if run_control.can_control(services.store().run(run_id)):
                st.button("Stop", icon=":material/stop:", on_click=run_control.stop, args=(run_id,), key="stop_lesson")
            return
        if was_active:
            st.rerun()  # the page without the timer
        tuned = _collection().newest_fine_tuning(visitor())
        if live.error is not None:
            messages.show_error(live.error)
        elif tuned is not None and tuned.fine_tuned is not None and tuned.test_accuracy is not None:
            _show_gain(tuned, tuned.fine_tuned, tuned.test_accuracy)


def _progress_words(live: "Live") -> str:
    if live.position:
        return words.waiting(live)
    if words.share_done(live) == 1:
        return "Fine-tuned; now evaluated once on MNIST's test set"
    return f"Fine-tuning{words.left(live)}" if live.steps_done else "Starting worker"


def _show_gain(tuned: "Run", gain: "FineTuneResult", test_accuracy: float) -> None:
    st.caption(messages.plain(tuned.name))
    st.markdown(f"**{gain_words(gain)}** {_loss_words(gain.test_accuracy_before, test_accuracy)}")
    with st.container(horizontal=True, gap="medium"):
        right, before = f"{gain.right_after} of {gain.digits}", f"{gain.right_before} before"
        st.metric("My digits", right, before, help=_MEASURED_HELP, **_NEUTRAL)
        accuracy, before = words.percent(test_accuracy, 2), f"{words.percent(gain.test_accuracy_before, 2)} before"
        st.metric("MNIST test set", accuracy, before, help=_TEST_HELP, **_NEUTRAL)
    st.caption(
        f"Of {words.counted(gain.digits, 'digits')} held out from it, {gain.gained} became correct and {gain.lost} "
        f"became wrong. The true accuracy on your handwriting is {_interval(gain.right_after, gain.digits)} (95 % "
        "confidence interval)."
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        navigation.link("draw", "Draw with the new model", {"run": tuned.id}, icon=":material/draw:")
        navigation.link("mistakes", "See its mistakes", {"run": tuned.id}, icon=":material/grid_on:")


def gain_words(gain: "FineTuneResult") -> str:
    """What fine-tuning brought on digits that were held out from it, and whether that is more than chance."""
    from mnist_core.stats import mcnemar_exact

    more = gain.gained - gain.lost
    if more == 0:
        return "It reads as many of your digits correctly as before."
    change = f"It reads {abs(more)} {'more' if more > 0 else 'fewer'} of your {gain.digits} digits correctly"
    p = mcnemar_exact(gain.gained, gain.lost)
    if p < _SIGNIFICANT_BELOW:
        return f"{change}: significant (p = {p:.2g})."
    return f"{change}: not significant (p = {p:.2g}); save more digits to know."


def _loss_words(before: float, after: float) -> str:
    """What it cost on MNIST, in images."""
    images = round((after - before) * services.test_count())
    if images == 0:
        return "On MNIST nothing changed."
    return f"On MNIST's test set, {abs(images):,} {'more' if images > 0 else 'fewer'} are correct."


# --- what is worth keeping in memory --------------------------------------------------------------------


def _collection() -> "MyDigits":
    return services.store().my_digits


def _pixels(kept: "Sequence[KeptDigit]") -> NDArray[np.float32]:
    """What models get of the digits, float32 (M, 28, 28), 0 to 1, prepared as MNIST was."""
    return np.stack([_input_of(one.png) for one in kept])


@lru_cache(maxsize=5_000)
def _input_of(png: bytes) -> NDArray[np.float32]:
    from mnist_core.preprocessing.pipeline import preprocess

    return preprocess(png).canonical


@services.kept_by_model(60)
def _evaluate(
    model: str,
    digits: tuple[tuple[str, int], ...],
    _kept: "Sequence[KeptDigit]",
) -> "Evaluation":
    from mnist_core.evaluation.handwriting import evaluate_digits

    return evaluate_digits(services.model(model).model, _pixels(_kept), [label for _, label in digits])


def _interval(right: int, count: int) -> str:
    from mnist_core.stats import wilson_interval

    low, high = wilson_interval(right, count)
    return f"{words.percent(low, 0)} to {words.percent(high, 0)}"
