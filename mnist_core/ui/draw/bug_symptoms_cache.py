"""What a bug in the code around a model does, measured once for all sessions and kept."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mnist_core.ui import services
from mnist_core.ui.draw.current_digit import CurrentDigit

if TYPE_CHECKING:  # this room loads torch, which must not hold up a page's first paint
    from mnist_core.code_bugs.symptoms import Symptoms

_KEPT = 100


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A digit that was asked through broken code.

    Attributes:
        image: uint8 (28, 28), as the right code would hand it over.
        label: Its true label.
        answer: The answer it got.
        confidence: Its probability, 0 to 1.
    """

    image: NDArray[np.uint8]
    label: int
    answer: int
    confidence: float


@services.kept_by_model(_KEPT, "Asking about 1,000 validation images …")
def symptoms(name: str, code: str | None) -> "Symptoms":
    """How the bug (None: the right code) shows on the validation sample, with the model of that name.

    Raises:
        UserError: As `services.model`, or when MNIST cannot be loaded.
    """
    from mnist_core.code_bugs.symptoms import sample, symptoms

    return symptoms(code, services.model(name).model, *sample())


@services.kept_by_model(_KEPT, "Breaking the code …")
def detectable_bugs(name: str) -> tuple[str, ...]:
    """The codes of the bugs that show with the model of that name; see `symptoms` for the errors."""
    from mnist_core.code_bugs.symptoms import one_per_class, sample, showing

    images, labels = sample()
    return showing(services.model(name).model, images[one_per_class(labels)])


def predict_unbatched(name: str) -> bool:
    """Whether the model of that name can be asked about one image in training mode; see `symptoms` for the errors."""
    from mnist_core.code_bugs.simulation import predict_unbatched

    return predict_unbatched(services.model(name).model)


def model_input(code: str | None, subject: CurrentDigit) -> NDArray[np.float32]:
    """What code with that bug hands to the network of this digit, float32 (28, 28)."""
    from mnist_core.code_bugs.simulation import handed_picture

    inputs: NDArray[np.float32] = handed_picture(code, subject.digit).numpy()
    return inputs


def answer(code: str | None, subject: CurrentDigit, name: str, times: int = 0) -> tuple[float, ...]:
    """The ten probabilities of this digit, asked alone; `times` says how often it was asked before.

    Raises:
        UserError: `one_in_a_batch`, or as `services.model`.
    """
    import torch

    from mnist_core.code_bugs.simulation import answer_with

    inputs = torch.from_numpy(model_input(code, subject))[None]
    return tuple(answer_with(code, services.model(name).model, inputs, seed=times)[0].tolist())


def one_per_class(code: str | None, name: str, times: int = 0) -> list[Asked]:
    """Ten validation digits, 0 to 9, each asked alone; see `answer`."""
    from mnist_core.code_bugs.simulation import predict_with
    from mnist_core.code_bugs.symptoms import one_per_class, sample

    images, labels = sample()
    chosen = one_per_class(labels)
    rows = predict_with(code, services.model(name).model, images[chosen], seed=times)
    return [
        Asked(images[at].numpy(), int(labels[at]), int(row.argmax()), float(row.max()))
        for at, row in zip(chosen, rows, strict=True)
    ]
