"""The kinds of runs: what is written of a new one, and what a worker is asked to do for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mnist_core.claims.claim import Claim
from mnist_core.recipe import Recipe
from mnist_core.runs.queue.job import CLAIM_TEST, RANGE_TEST, TEACHING, TRAINING, Assignment
from mnist_core.runs.queue.live import Progress
from mnist_core.runs.run import Run
from mnist_core.runs.store.collection_store import FineTuneJob
from mnist_core.runs.store.store import Drawing, Store
from mnist_core.training.control import Control

NewRun = tuple[Run, Progress]


@dataclass(frozen=True, slots=True)
class NewRuns:
    """Writes runs that are to be put in line.

    Every method raises what `Store` raises.

    Attributes:
        store: Where they are kept.
        training, teaching, range_test, claim_test: What workers call; see `assignment.Assignment.function`.
    """

    store: Store
    training: str = TRAINING
    teaching: str = TEACHING
    range_test: str = RANGE_TEST
    claim_test: str = CLAIM_TEST

    def plain(self, recipe: Recipe, name: str, session: str, drawing: Drawing | None) -> NewRun:
        """A training from the start."""
        run = self.store.create(recipe, name, session, drawing=drawing)
        return run, _progress(run, self.training, _followed(drawing), can_pause=True)

    def lesson(self, recipe: Recipe, name: str, session: str, teaching: FineTuneJob) -> NewRun:
        """A lesson for a model that was trained before."""
        run = self.store.create(recipe, name, session, teaching)
        return run, _progress(run, self.teaching, {"fine_tune_set": teaching.lesson})

    def longer(self, recipe: Recipe, name: str, session: str, parent_id: str, drawing: Drawing | None) -> NewRun:
        """A training that goes on from another one's last epoch, with what was set anew by then."""
        start = self.store.checkpoint(parent_id)
        followed = self.store.drawing(parent_id) if drawing is None else drawing
        changed = [event for event in self.store.insight(parent_id, max_points=2).changed if event.step <= start.step]
        epochs = [row for row in self.store.curve(parent_id, max_points=2).epochs if row.epoch <= start.epoch]
        run = self.store.create_longer(parent_id, recipe, name, session, drawing)
        progress = _progress(run, self.training, {"start": start} | _followed(followed), can_pause=True)
        progress.steps_done, progress.epoch = start.step, epochs[-1]
        values: dict[str, Any] = {event.name: event.value for event in changed}
        progress.want(Control(**values))
        return run, progress

    def range(self, recipe: Recipe, session: str) -> NewRun:
        """A learning-rate range test."""
        run = self.store.create_range_test(recipe, session)
        return run, _progress(run, self.range_test, {})

    def claim(self, claim: Claim, seeds: Sequence[int], session: str) -> NewRun:
        """A quick test of a claim."""
        run = self.store.create_claim_test(claim, session)
        return run, _progress(run, self.claim_test, {"claim": claim.id, "seeds": tuple(seeds)})


def as_pixels(ink: npt.NDArray[np.floating]) -> Drawing:
    """Ink (28, 28), 0 to 1, as it is kept: uint8."""
    pixels: Drawing = (np.clip(ink, 0, 1) * 255).round().astype(np.uint8)
    return pixels


def as_ink(pixels: Drawing) -> npt.NDArray[np.float32]:
    """A kept drawing as a training follows it: float32 (28, 28), 0 to 1."""
    ink: npt.NDArray[np.float32] = pixels.astype(np.float32) / np.float32(255)
    return ink


def _followed(drawing: Drawing | None) -> dict[str, Any]:
    return {} if drawing is None else {"drawing": as_ink(drawing)}


def _progress(run: Run, function: str, arguments: dict[str, Any], *, can_pause: bool = False) -> Progress:
    assignment = Assignment(function, arguments, can_pause)
    return Progress(run.id, run.recipe_json, assignment, can_pause=can_pause)
