"""What a training told while it went on, as far as experiments ask about it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median, pstdev

import numpy as np

from mnist_core.training.events import Diverged, Epoch, Event, Finished, ProbeResult, Step

EARLY_STEPS = 64
"""Until which step gradients are looked at: later ones say how a layer has learned, not whether it can begin to."""

_ROSE = 2.0  # times the loss of the first step
_LEAST_RATIO = 1e-12  # of gradients, below which nothing is told apart


@dataclass(slots=True)
class TrainingLog:
    """Filled by `hear`, event by event.

    Attributes:
        losses: Of each step's batch, in nats.
        validation, validation_losses: Of the validation images after each epoch: the share read right, and the mean
            loss in nats.
        gradients: Of each look inside: the step, and the length of each layer's gradient, first layer first.
        weights: After each epoch, the model as safetensors bytes.
        kept_epoch: Which of them is the result, from 1; 0 for a training that did not finish.
        has_diverged: Whether the loss stopped being a number.
    """

    losses: list[float] = field(default_factory=list)
    validation: list[float] = field(default_factory=list)
    validation_losses: list[float] = field(default_factory=list)
    gradients: list[tuple[int, list[float]]] = field(default_factory=list)
    weights: list[bytes] = field(default_factory=list)
    kept_epoch: int = 0
    has_diverged: bool = False

    def on_event(self, event: Event) -> None:
        """Take the event down."""
        match event:
            case Step():
                self.losses.append(event.loss)
            case ProbeResult():
                self.gradients.append((event.step, list(event.gradient_norms.values())))
            case Epoch():
                self.validation.append(event.validation_accuracy)
                self.validation_losses.append(event.validation_loss)
                self.weights.append(event.weights)
            case Finished():
                self.kept_epoch = event.kept_epoch
            case Diverged():
                self.has_diverged = True

    @property
    def last_good(self) -> bytes | None:
        """The weights that are the result: of the kept epoch, or of the last one before it diverged; None of none."""
        if not self.weights:
            return None
        return self.weights[self.kept_epoch - 1] if self.kept_epoch else self.weights[-1]

    def weakest_gradient(self, weights: Sequence[int]) -> float:
        """The least gradient per weight of the layers before the last, over the last one's, as a power of ten.

        The median of the early looks, of root mean squares, so that layers of any size can be compared; X. Glorot and
        Y. Bengio, *Understanding the difficulty of training deep feedforward neural networks*, 2010, compare layers'
        gradients in this way. Not a number when there was no look, or no gradient at all.

        Args:
            weights: How many weights each layer has, first layer first.
        """
        sizes = np.sqrt(weights)
        early = (np.array(norms) / sizes for step, norms in self.gradients if step <= EARLY_STEPS)
        ratios = [sides[:-1].min() / sides[-1] for sides in early if len(sides) > 1 and sides[-1]]
        return math.log10(max(median(ratios), _LEAST_RATIO)) if ratios else math.nan

    @property
    def validation_loss_rise(self) -> float:
        """The validation loss after the last epoch minus the lowest after any, in nats; NaN of what diverged."""
        if self.has_diverged or not self.validation_losses:
            return math.nan
        return self.validation_losses[-1] - min(self.validation_losses)

    @property
    def loss_rose(self) -> bool:
        """Whether some step's loss was more than twice the first one's, or no number."""
        return self.has_diverged or any(loss > _ROSE * self.losses[0] for loss in self.losses)

    @property
    def loss_oscillation(self) -> float:
        """Standard deviation of the loss's change from step to step, over the second half of the steps, in nats.

        Not a number with fewer than two changes there, and of what diverged: that loss has no size.
        """
        if self.has_diverged:
            return math.nan
        changes = [after - before for before, after in pairwise(self.losses[len(self.losses) // 2 :])]
        return pstdev(changes) if len(changes) > 1 else math.nan

    def epochs_to(self, accuracy: float, planned: int) -> int:
        """After how many epochs so many validation images were read right; one more than planned when never."""
        reached = (number for number, share in enumerate(self.validation, start=1) if share >= accuracy)
        return next(reached, planned + 1)
