"""How often the diagnosis names the damage that was done to a drawing, and undoes it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from mnist_core.diagnosis.diagnosis import Diagnosis, diagnose
from mnist_core.diagnosis.prediction import predict, predict_batch
from mnist_core.preprocessing.pipeline import preprocess
from mnist_core.preprocessing.steps import RAW
from mnist_core.preprocessing.strokes import Drawing
from mnist_core.training.models import Classifier
from tests.benchmarks.benchmark import Benchmark, classifier_option, count_option, drawings_option, seed_option, time_ms
from tests.benchmarks.damages import DAMAGES, Grey

_ASKED = 3  # causes looked at from the top


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one damage.

    Attributes:
        damage: Its code.
        drawn: Drawings that were damaged.
        misread: Of those, the ones that the model then misread: they were diagnosed.
        first: Share of the misread whose first cause is the damage.
        among_three: Share of the misread with the damage among the first three causes.
        fixed: Share of the misread whose minimal fix makes the answer right.
        confused: What was named first instead, and how often, commonest first.
        median_ms, slowest_ms: Wall time of a diagnosis.
    """

    damage: str
    drawn: int
    misread: int
    first: float
    among_three: float
    fixed: float
    confused: tuple[tuple[str, int], ...]
    median_ms: float
    slowest_ms: float


def bench_diagnose(
    model: Classifier, drawings: Sequence[tuple[int, Drawing]], misread: int = 100, seed: int = 0
) -> Iterator[Row]:
    """Damage drawings that the model reads right, each in one known way, and diagnose what is misread then.

    The damaged pictures are only shrunk to 28x28 (`preprocessing.steps.RAW`), as most notebooks do.

    Args:
        model: The model that reads.
        drawings: Labels and drawings, in any order; they are shuffled.
        misread: Diagnoses a damage, at most.
        seed: Decides the order and the damages.
    """
    order = np.random.default_rng(seed).permutation(len(drawings))[: 40 * misread]
    readings = predict_batch(model, [preprocess(drawings[place][1]) for place in order])
    readable = [
        drawings[place] for place, reading in zip(order, readings, strict=True) if reading.digit == drawings[place][0]
    ]
    for number, (code, damage) in enumerate(DAMAGES.items()):
        random = np.random.default_rng((seed, number))
        yield _row(model, code, ((label, damage(drawing, random)) for label, drawing in readable), misread)


def _row(model: Classifier, code: str, pictures: Iterable[tuple[int, Grey]], most: int) -> Row:
    drawn = 0
    diagnoses: list[Diagnosis] = []
    times_ms: list[float] = []
    for label, picture in pictures:
        drawn += 1
        digit = preprocess(picture, RAW)
        if predict(model, digit).digit != label:
            times_ms.append(time_ms(lambda: diagnoses.append(diagnose(model, digit, label))))  # noqa: B023
        if len(diagnoses) == most:
            break
    named = [[cause.code for cause in found.causes] for found in diagnoses]
    count = max(1, len(diagnoses))
    return Row(
        damage=code,
        drawn=drawn,
        misread=len(diagnoses),
        first=sum(codes[:1] == [code] for codes in named) / count,
        among_three=sum(code in codes[:_ASKED] for codes in named) / count,
        fixed=sum(found.fix is not None for found in diagnoses) / count,
        confused=tuple(Counter(codes[0] for codes in named if codes[:1] != [code]).most_common(3)),
        median_ms=median(times_ms) if times_ms else 0.0,
        slowest_ms=max(times_ms, default=0.0),
    )


BENCHMARK = Benchmark(
    "Damage good drawings in known ways, and see whether the diagnosis finds out which.",
    bench_diagnose,
    (drawings_option(), count_option("--misread", 100, "Diagnoses a damage.", 1000), seed_option, classifier_option),
)
