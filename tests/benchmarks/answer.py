"""How long people wait: for the answer to a stroke, and for a diagnosis, idle and while a model trains."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mnist_core.diagnosis.diagnosis import diagnose
from mnist_core.diagnosis.prediction import predict
from mnist_core.preprocessing.pipeline import preprocess
from mnist_core.preprocessing.steps import RAW
from mnist_core.preprocessing.strokes import Drawing
from mnist_core.training.hardware import limit_threads
from mnist_core.training.models import Classifier
from tests.benchmarks.benchmark import Benchmark, Wait, classifier_option, count_option, drawings_option, time_ms

_WARM_UP = 3
_TRAINING_STARTS_S = 15.0  # loading torch and MNIST


@dataclass(frozen=True, slots=True)
class Row(Wait):
    """A `stroke` (what the server does for each one) or a `diagnosis`.

    Attributes:
        training: Whether a model trained in another process meanwhile.
    """

    training: bool = False


def bench_answer(model: Classifier, drawings: Sequence[tuple[int, Drawing]], limit: int = 60) -> Iterator[Row]:
    """Time the answers to the first drawings, idle and then while a model trains on what is left of the machine."""
    limit_threads()
    yield from _time_both(model, drawings[:limit], training=False)
    with _training():
        yield from _time_both(model, drawings[:limit], training=True)


def _time_both(model: Classifier, drawings: Sequence[tuple[int, Drawing]], training: bool) -> Iterator[Row]:
    def stroke(_: int, drawing: Drawing) -> None:
        digit = preprocess(drawing.render())
        predict(model, digit.parts[0])

    def diagnosis(label: int, drawing: Drawing) -> None:
        # What was meant is taken for another digit, so that every diagnosis searches to the end.
        diagnose(model, preprocess(drawing, RAW), (label + 1) % 10)

    for answer in (stroke, diagnosis):
        times_ms = [time_ms(partial(answer, label, drawing)) for label, drawing in drawings]
        yield Row.of(answer.__name__, times_ms[_WARM_UP:] or times_ms, training=training)


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


BENCHMARK = Benchmark(
    "How long the answer to a stroke and a diagnosis take, idle and while a model trains.",
    bench_answer,
    (drawings_option(), count_option("--limit", 60, "Drawings to time.", 10_000, 5), classifier_option),
)
