"""What all sessions share: the store, the engine, opened models, and the answers that are worth keeping.

Whatever loads torch is imported inside the functions, so that a page's first paint does not wait for it.
"""

import gc
import importlib
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.errors import UserError
from mnist_core.runs.cards import DEFAULT_MODEL, Card, shipped
from mnist_core.ui.common import words
from mnist_core.ui.common.background_task import BackgroundTask
from mnist_core.ui.common.kept import kept

if TYPE_CHECKING:
    from mnist_core.diagnosis.diagnosis import Diagnosis
    from mnist_core.diagnosis.finding import Finding
    from mnist_core.diagnosis.neighbors import Neighbors
    from mnist_core.diagnosis.prediction import Prediction
    from mnist_core.evaluation.evaluation import Evaluation
    from mnist_core.preprocessing.pipeline import Preprocessed
    from mnist_core.runs.queue.engine import Engine
    from mnist_core.runs.registry import LoadedModel
    from mnist_core.runs.run import Run
    from mnist_core.runs.store.store import Store

_OPEN_MODELS = 16  # all that ship, and some of people's own, are compared side by side
_KEPT_EVALUATIONS = 8
_KEPT_NEIGHBORS = 4  # 14 MB each
_NEIGHBORS_EVERY = {"net": 5, "deep": 10}  # of the training images, for what takes a minute for all of them
_KEPT_DIGITS = 80  # with their stages, under 1 MB each
_KEPT_DIAGNOSES = 50
_LISTED_RUNS = 30
_PAINT_S = 1.0  # for the browser to ask for the parts that the page is made of; a stroke does not wait for this

P = ParamSpec("P")
Made = TypeVar("Made")


def _picture_key(picture: "NDArray[np.uint8]") -> str:
    from mnist_core.preprocessing.pipeline import picture_key

    return picture_key(picture)


# By what Streamlit tells arguments of kept results apart; by name where the class would load torch.
_HASHES: dict[str | type[Any], Callable[[Any], object]] = {
    np.ndarray: _picture_key,
    "mnist_core.preprocessing.pipeline.Preprocessed": lambda digit: (digit.key, sorted(digit.steps)),
    "mnist_core.ui.mistakes.robustness.Shown": lambda shown: shown.key,
}


@dataclass(frozen=True, slots=True)
class ModelOption:
    """A model that can be asked: `name` is a shipped model's name or a run's id."""

    name: str
    title: str


@kept()
def preload() -> None:
    """Load what is heavy in the background, once a process, while the first visitor still looks at the page.

    To be called when what people look at first is on its way to them: while torch is loaded, the interpreter's lock
    is taken for up to a second at a time, and nothing is painted.
    """
    threading.Thread(target=_load_heavy, name="warm", daemon=True).start()


def _load_heavy() -> None:
    """In the order in which people come to need it: the answer to a stroke, the test images, explanations, runs."""
    time.sleep(_PAINT_S)
    from mnist_core.preprocessing.pipeline import preprocess
    from mnist_core.training.hardware import limit_threads

    limit_threads()
    with suppress(UserError):  # said to whoever needs the model
        predict([preprocess(np.zeros((28, 28), np.uint8))], DEFAULT_MODEL)  # nothing is left to load for a stroke
    # What is loaded now stays: out of the garbage collector's sight, a collection takes a tenth of the time.
    gc.collect()
    gc.freeze()
    with suppress(UserError):  # said to whoever needs the images
        _evaluate_quietly(DEFAULT_MODEL)
    for heavy in ("captum.attr", "mnist_core.runs.queue.engine"):
        importlib.import_module(heavy)
    gc.freeze()


# --- runs -----------------------------------------------------------------------------------------------


@kept()
def store() -> "Store":
    """The runs' database."""
    from mnist_core.runs.store.store import Store

    opened = Store()
    opened.recover()  # runs that a killed app left behind
    return opened


@kept()
def engine() -> "Engine":
    """What trains, for all sessions; its workers are brought up in the background."""
    from mnist_core.runs.queue.engine import Engine

    made = Engine(store())
    made.start()
    return made


# --- models ---------------------------------------------------------------------------------------------


def trained_choices() -> list[ModelOption]:
    """The newest runs that can be asked for a reading.

    Raises:
        UserError: When the database cannot answer.
    """
    runs = [run for run in store().runs(_LISTED_RUNS) if run.epochs_done and not run.is_active]
    return [ModelOption(run.id, _run_title(run)) for run in runs]


@kept()
def shipped_choices() -> tuple[Card, ...]:
    """The models that came with Digit Clinic, the default one first."""
    return shipped()


def model_option(name: str) -> ModelOption:
    """The model of that name, listed or not.

    Raises:
        UserError: `run_unknown`, `run_ambiguous` or `run_without_epochs`.
    """
    for card in shipped_choices():
        if card.name == name:
            return ModelOption(card.name, card.title)
    run = store().find(name)
    if not run.epochs_done:
        store().weights(run.id)  # raises what is to be said
    return ModelOption(run.id, _run_title(run))


def kept_by_model(
    entries: int, spinner: str | bool = False
) -> Callable[[Callable[Concatenate[str, P], Made]], Callable[Concatenate[str, P], Made]]:
    """Keep what a function makes of a model (the name is its first argument) for all sessions, until the model changes.

    Args:
        entries: How many results are kept.
        spinner: What is said while one is made; False says nothing.
    """

    def register(make: Callable[Concatenate[str, P], Made]) -> Callable[Concatenate[str, P], Made]:
        @st.cache_resource(show_spinner=spinner, max_entries=entries, hash_funcs=_HASHES)
        @wraps(make)
        def remembered(name: str, /, *args: Any, version: int, **others: Any) -> Made:  # noqa: ARG001
            return make(name, *args, **others)

        @wraps(make)
        def look_up(name: str, /, *args: P.args, **others: P.kwargs) -> Made:
            return remembered(name, *args, version=version(name), **others)

        return look_up

    return register


def model(name: str) -> "LoadedModel":
    """The model of that name, opened once for all sessions.

    Raises:
        UserError: When there is none, or its weights cannot be read.
    """
    return _open_model(name, version(name))


@kept(_OPEN_MODELS)
def _open_model(name: str, version: int) -> "LoadedModel":  # noqa: ARG001
    from mnist_core.runs.registry import load_model

    return load_model(name, _store_for(name))


@kept_by_model(_KEPT_EVALUATIONS, "Reading the test images …")
def evaluation(name: str) -> "Evaluation":
    """The model's evaluation on the test set, made once for all sessions.

    Raises:
        UserError: As `model`, or when MNIST cannot be loaded.
    """
    return _evaluate_quietly(name)


@kept_by_model(_KEPT_EVALUATIONS)
def _evaluate_quietly(name: str) -> "Evaluation":
    """As `evaluation`, for where there is no page to show that it takes a second."""
    from mnist_core.runs.registry import evaluate

    return evaluate(name, _store_for(name))


@kept_by_model(_KEPT_NEIGHBORS)
def neighbors(name: str) -> "BackgroundTask[Neighbors]":
    """The training digits as the model sees them, laid out once for all sessions; begun by the first who asks.

    Raises:
        UserError: As `model`.
    """
    from mnist_core.diagnosis.neighbors import build

    trained = model(name)
    every = _NEIGHBORS_EVERY.get(trained.recipe.model, 1)
    return BackgroundTask(lambda progress: build(trained.model, every, progress))


def version(name: str) -> int:
    """What changes when the model of that name does: a run's number of finished epochs."""
    runs = _store_for(name)
    return runs.find(name).epochs_done if runs else 0


def _store_for(name: str) -> "Store | None":
    """The store that has the model; None for a shipped one, which is there without any database."""
    return None if name in {card.name for card in shipped_choices()} else store()


def _run_title(run: "Run") -> str:
    return " · ".join(part for part in (run.name, words.result_of(run), words.ago(run.created_at)) if part)


# --- digits ---------------------------------------------------------------------------------------------


@st.cache_resource(show_spinner=False, max_entries=_KEPT_DIGITS, hash_funcs=_HASHES)
def preprocessed(picture: "NDArray[np.uint8]") -> "Preprocessed":
    """A grey picture (H, W) as MNIST would have prepared it; its ink is looked for once."""
    from mnist_core.preprocessing.pipeline import preprocess

    return preprocess(picture)


def test_picture(index: int) -> "tuple[NDArray[np.uint8], int]":
    """A test image, uint8 (28, 28), and its true label.

    Raises:
        UserError: `mnist_missing` or `mnist_damaged`.
    """
    from mnist_core.data.mnist_files import load_mnist

    mnist = load_mnist()
    return mnist.test_images[index].numpy(), int(mnist.test_labels[index])


@st.cache_resource(show_spinner=False, max_entries=_KEPT_DIGITS, hash_funcs=_HASHES)
def with_steps(digit: "Preprocessed", steps: frozenset[str]) -> "Preprocessed":
    """The digit prepared by these steps; what was made of it is kept for all sessions."""
    return digit.with_steps(steps)


@kept_by_model(_KEPT_DIAGNOSES)
def diagnosis(name: str, digit: "Preprocessed", label: int) -> "Diagnosis":
    """Why the model of that name does not read `label` in the digit; looked into once for each question.

    Raises:
        UserError: As `model`.
    """
    from mnist_core.diagnosis.diagnosis import diagnose

    return diagnose(model(name).model, digit, label)


@st.cache_resource(show_spinner=False, max_entries=_KEPT_DIAGNOSES, hash_funcs=_HASHES)
def measurements(digit: "Preprocessed", label: int) -> "tuple[Finding, ...]":
    """The digit's measures beside those of MNIST's digits of that class, the unusual ones first."""
    from mnist_core.diagnosis.measurement_report import measurement_report

    return measurement_report(digit, label)


def predict_one(digit: "Preprocessed | None", name: str) -> "Prediction | None":
    """The model's answer; None when there is nothing to read. An empty canvas does not even load the model.

    Raises:
        UserError: As `model`.
    """
    return None if digit is None or digit.blank else predict([digit], name)[0]


def predict(digits: Sequence["Preprocessed"], name: str) -> list["Prediction"]:
    """The model's answers, in the order of the digits.

    Raises:
        UserError: As `model`.
    """
    if not digits:
        return []
    from mnist_core.diagnosis.prediction import predict_batch

    return predict_batch(model(name).model, digits)


def predicted_digits(name: str, images: NDArray[Any]) -> list[int]:
    """The digits that the model predicts for images (N, 28, 28) as MNIST has them: uint8, or float32 from 0 to 1.

    Raises:
        UserError: As `model`.
    """
    import torch

    from mnist_core.training.inference import predict_logits

    digits: list[int] = predict_logits(model(name).model, torch.from_numpy(images)).argmax(dim=1).tolist()
    return digits


# --- MNIST ----------------------------------------------------------------------------------------------


def test_count() -> int:
    """How many test images there are."""
    return len(test_images())


def test_images() -> NDArray[np.uint8]:
    """The test images, uint8 (N, 28, 28).

    Raises:
        UserError: `mnist_missing` or `mnist_damaged`.
    """
    from mnist_core.data.mnist_files import load_mnist

    images: NDArray[np.uint8] = load_mnist().test_images.numpy()
    return images
