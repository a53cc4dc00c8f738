"""What a training told while it went on, as far as experiments ask about it."""

import math
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median, pstdev

from mnist_core.training.events import Diverged, Epoch, Event, Finished, ProbeResult, Step

EARLY_STEPS = 64
"""Until which step gradients are looked at: later ones say how a layer has learned, not whether it can begin to."""

_LEAST_RATIO = 1e-12  # of gradients, below which nothing is told apart


@dataclass(slots=True)
class TrainingLog:
    """Filled by `hear`, event by event.

    Attributes:
        losses: Of each step's batch, in nats.
        validation: The share of the validation images read right after each epoch.
        gradients: Of each look inside: the step, and the length of each layer's gradient, first layer first.
        weights: After each epoch, the model as safetensors bytes.
        kept_epoch: Which of them is the result, from 1; 0 for a training that did not finish.
        has_diverged: Whether the loss stopped being a number.
    """

    losses: list[float] = field(default_factory=list)
    validation: list[float] = field(default_factory=list)
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

    @property
    def gradient_reach(self) -> float:
        """The first layer's gradient over the last layer's, the median of the early looks, as a power of ten.

        Not a number when there was no look, or no gradient at all.
        """
        ratios = [norms[0] / norms[-1] for step, norms in self.gradients if step <= EARLY_STEPS and norms and norms[-1]]
        return math.log10(max(median(ratios), _LEAST_RATIO)) if ratios else math.nan

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
