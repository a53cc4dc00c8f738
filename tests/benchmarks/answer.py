"""How long people wait: for the answer to a stroke, and for a diagnosis, idle and while a model trains."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnist_core.diagnosis.diagnosis import diagnose
from mnist_core.diagnosis.prediction import predict
from mnist_core.preprocessing.pipeline import preprocess
from mnist_core.preprocessing.steps import RAW
from mnist_core.preprocessing.strokes import Drawing
from mnist_core.training.models import Classifier

_WARM_UP = 3
_TRAINING_STARTS_S = 15.0  # loading torch and MNIST


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of waiting.

    Attributes:
        what: `stroke` (what the server does for each one) or `diagnosis`.
        training: Whether a model trained in another process meanwhile.
        count: How many were timed.
        p50_ms, p95_ms, slowest_ms: Wall time.
    """

    what: str
    training: bool
    count: int
    p50_ms: float
    p95_ms: float
    slowest_ms: float


def bench_answer(model: Classifier, drawings: Sequence[tuple[int, Drawing]]) -> Iterator[Row]:
    """Time the answers to these drawings, idle and then while a model trains on what is left of the machine."""
    yield from _timed_both(model, drawings, training=False)
    with _training():
        yield from _timed_both(model, drawings, training=True)


def _timed_both(model: Classifier, drawings: Sequence[tuple[int, Drawing]], training: bool) -> Iterator[Row]:
    def stroke(_: int, drawing: Drawing) -> None:
        digit = preprocess(drawing.render())
        predict(model, digit.parts[0])

    def diagnosis(label: int, drawing: Drawing) -> None:
        # What was meant is taken for another digit, so that every diagnosis searches to the end.
        diagnose(model, preprocess(drawing, RAW), (label + 1) % 10)

    yield _timed("stroke", stroke, drawings, training)
    yield _timed("diagnosis", diagnosis, drawings, training)


def _timed(
    what: str, answer: Callable[[int, Drawing], None], drawings: Sequence[tuple[int, Drawing]], training: bool
) -> Row:
    times_ms = []
    for label, drawing in drawings:
        start = time.perf_counter()
        answer(label, drawing)
        times_ms.append(1000 * (time.perf_counter() - start))
    kept = times_ms[_WARM_UP:] or times_ms
    p50, p95 = np.percentile(kept, [50, 95]).tolist()
    return Row(what, training, len(kept), p50, p95, max(kept))


@contextmanager
def _training() -> Iterator[None]:
    """A model trains in a process of its own, as the app's workers do."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DIGIT_CLINIC_DATABASE": f"sqlite:///{Path(folder) / 'runs.sqlite'}",
            "OMP_WAIT_POLICY": "PASSIVE",
        }
        command = [sys.executable, "-m", "mnist_core", "train", "epochs=200"]
        trainer = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            time.sleep(_TRAINING_STARTS_S)
            yield
        finally:
            trainer.kill()
            trainer.wait()
