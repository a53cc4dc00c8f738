"""A model's answers through code that has one of the classic bugs, without harm to the model.

Each bug sits in one of three places: in what is handed to the network, in the network itself, or in what is made
of its outputs. Nothing here changes the model that is given: other sessions and threads are asking it meanwhile.
"""

import copy
import threading
from collections.abc import Callable

import torch
from torch import Tensor, nn

from mnist_core.code_bugs.catalog import BUG_OF
from mnist_core.errors import UserError
from mnist_core.preprocessing.pipeline import Preprocessed
from mnist_core.training.inference import as_input, predict_logits
from mnist_core.training.models import Classifier, initialize
from mnist_core.training.pixels import standardise
from mnist_core.training.support_vectors import SupportVectors

_FRESH_SEED = 0
_LEFT_OUT = {"not_normalized": "normalize", "wrong_interpolation": "antialias"}
_dice = threading.Lock()  # torch's random layers know only the random numbers of the whole process


def predict_with(code: str | None, model: Classifier, images: Tensor, *, together: int = 1, seed: int = 0) -> Tensor:
    """The ten probabilities (N, 10) of each image, through code with that bug.

    Args:
        code: A bug's code; None for the right code.
        model: It stays as it is, in its weights, its statistics and its mode.
        images: (N, 28, 28), uint8 0..255 or float32 0..1, as the right code would hand them over.
        together: How many images are asked in one batch: it matters to `eval_mode_forgotten` only.
        seed: What dropout throws its dice with: it matters to `eval_mode_forgotten` only.

    Raises:
        UserError: `one_in_a_batch`, when PyTorch would stop the broken program; see `predict_unbatched`.
        ValueError: When there is no such bug.
    """
    return answer_with(code, model, model_input(code, images), together=together, seed=seed)


def answer_with(code: str | None, model: Classifier, inputs: Tensor, *, together: int = 1, seed: int = 0) -> Tensor:
    """The probabilities (N, 10) of what was handed to the network already, (N, 28, 28); see `predict_with`."""
    _check(code)
    if code == "eval_mode_forgotten":
        logits = _in_training_mode(model, inputs, together, seed)
    else:
        logits = predict_logits(_fresh(model) if code == "weights_not_loaded" else model, inputs)
    probabilities = (logits / model.temperature).softmax(dim=1)
    return _AFTERWARDS[code](probabilities) if code in _AFTERWARDS else probabilities


def model_input(code: str | None, images: Tensor, *, full_ink: float = 1.0) -> Tensor:
    """What code with that bug hands to the network, float32 (N, 28, 28).

    Args:
        code: A bug's code; None for the right code.
        images: (N, 28, 28), uint8 0..255 or float32 0..`full_ink`.
        full_ink: How large the numbers of float images are meant to be at most.
    """
    _check(code)
    scaled = images.float() / 255 * full_ink if images.dtype == torch.uint8 else images
    return _BEFORE[code](scaled, full_ink) if code in _BEFORE else scaled


def handed_picture(code: str | None, digit: Preprocessed) -> Tensor:
    """What code with that bug (None: the right code) hands to the network of a digit, float32 (28, 28)."""
    if code in _LEFT_OUT:
        return torch.from_numpy(digit.with_steps(digit.steps - {_LEFT_OUT[code]}).pixels)
    full_ink = 1.0 if "normalize" in digit.steps else 255.0
    return model_input(code, torch.from_numpy(digit.pixels)[None], full_ink=full_ink)[0]


def predict_unbatched(model: Classifier) -> bool:
    """Whether the model can be asked about one image in training mode.

    Batch normalisation after a dense layer cannot: one number has no spread.
    """
    return not any(isinstance(module, nn.BatchNorm1d) for module in model.modules())


def _check(code: str | None) -> None:
    if code is not None and code not in BUG_OF:
        raise ValueError(f"no such bug: {code}")


# --- before the network -----------------------------------------------------------------------------------


# Each of images 0 to `full_ink`, and of that number.
_BEFORE: dict[str | None, Callable[[Tensor, float], Tensor]] = {
    "not_normalized": lambda images, full_ink: images * (255 / full_ink),
    "normalized_twice": lambda images, _: standardise(images),
    "inverted_twice": lambda images, full_ink: full_ink - images,
    "transposed": lambda images, _: images.transpose(1, 2).contiguous(),
    # A drawing on a canvas with a background, a photo, an image of MNIST: all are opaque at every point.
    "alpha_as_ink": torch.full_like,
}


# --- the network ------------------------------------------------------------------------------------------


def _fresh(model: Classifier) -> Classifier:
    """The same network with the weights that it would have had before training."""
    copied = copy.deepcopy(model)
    with _dice, torch.random.fork_rng(devices=[]):
        torch.manual_seed(_FRESH_SEED)
        for module in copied.modules():
            if isinstance(module, SupportVectors):
                module.allocate(0)
                module.offsets.zero_()
            elif callable(reset := getattr(module, "reset_parameters", None)):
                reset()
        initialize(copied)
    return copied


@torch.inference_mode()
def _in_training_mode(model: Classifier, inputs: Tensor, together: int, seed: int) -> Tensor:
    batches = torch.split(inputs, together)
    if not predict_unbatched(model) and any(len(batch) == 1 for batch in batches):
        raise UserError(
            "one_in_a_batch",
            "The broken program stops here: “Expected more than 1 value per channel when training”.",
            "This model has batch normalisation after a dense layer, and a single picture has no variance: PyTorch "
            "itself reports the bug.",
        )
    copied = copy.deepcopy(model).train()
    if together == 1:  # all at once, each by its own statistics: a fifth of the time
        _norm_each_alone(copied)
        batches = (inputs,)
    with _dice, torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return torch.cat([copied(as_input(batch)) for batch in batches])


def _norm_each_alone(model: Classifier) -> None:
    """Batch normalisation in training mode, as it is for each image in a batch of its own."""
    for name, norm in list(model.named_modules()):
        if isinstance(norm, nn.BatchNorm2d):
            alone = nn.InstanceNorm2d(norm.num_features, norm.eps, affine=True)
            alone.weight, alone.bias = norm.weight, norm.bias
            model.set_submodule(name, alone)


# --- after the network ------------------------------------------------------------------------------------


_AFTERWARDS: dict[str | None, Callable[[Tensor], Tensor]] = {
    "softmax_twice": lambda probabilities: probabilities.softmax(dim=1),
    "labels_shifted": lambda probabilities: probabilities.roll(1, dims=1),
}
