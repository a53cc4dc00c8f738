"""All that is known of a run at one moment, fetched once for everybody who looks at it."""

import time
from dataclasses import dataclass

import streamlit as st

from mnist_core.recipe import FIELDS
from mnist_core.runs.queue.live import Live
from mnist_core.runs.run import Curve, Insight, Run
from mnist_core.training.hints import Hint, RunHistory, hints
from mnist_core.ui import services
from mnist_core.ui.components.curves import Mark

_KEPT = 64
_FRESH_S = 1.0
"""How old what is shown of a run that goes on may be: its steps are written that often."""


@dataclass(frozen=True, slots=True)
class Record:
    """A run at one moment.

    Attributes:
        run: As the store knows it.
        live: As the engine knows it.
        curve: Its steps and epochs.
        insight: The looks inside it, the checks after its epochs, and what was changed while it went on.
        kept_epoch: The epoch whose weights are its result; 0 before the first.
    """

    run: Run
    live: Live
    curve: Curve
    insight: Insight
    kept_epoch: int

    @property
    def epochs(self) -> int:
        """How many epochs the whole run takes."""
        return self.run.recipe.epochs_used

    def epoch_of(self, step: int) -> float:
        """Where on the curves a step is: epochs done with it."""
        steps = self.live.steps or self.run.steps
        return step * self.epochs / steps if steps else 0.0

    def marks(self) -> list[Mark]:
        """What happened on the way, to be seen on every curve."""
        found = [
            Mark(self.epoch_of(change.step), f"{FIELDS[change.name].label} {change.before:g} → {change.value:g}")
            for change in self.insight.changed
        ]
        if self.run.state == "diverged":
            found.append(Mark(self.epoch_of(self.run.steps_done), "Diverged"))
        if self.run.recipe.early_stopping and self.kept_epoch and not self.run.is_active:
            found.append(Mark(self.kept_epoch, f"Kept: epoch {self.kept_epoch}"))
        return found

    def hints(self) -> tuple[Hint, ...]:
        """What the run shows that is worth trying otherwise, the most important first."""
        story = RunHistory(
            steps=self.curve.steps,
            epochs=self.curve.epochs,
            measured=self.insight.measured,
            checked=self.insight.checked,
            diverged_at=self.run.steps_done if self.run.state == "diverged" else None,
            test_accuracy=self.run.test_accuracy,
        )
        return hints(self.run.recipe, story)


def record_of(run_id: str) -> Record:
    """The run as it stands now.

    Raises:
        UserError: When the database cannot answer, or there is no such run.
    """
    # The engine writes before it shows: what is read after asking it is at least as new.
    live = services.engine().live(run_id)
    run = services.store().run(run_id)
    # Steps are written about once a second; and of a run that waits or is over nothing changes.
    is_moving = run.is_active and not live.position
    moment = (run.state, run.epochs_done, live.is_paused, int(time.monotonic() / _FRESH_S) if is_moving else 0)
    return Record(run, live, *_fetched(run_id, moment))


@st.cache_resource(show_spinner=False, max_entries=_KEPT)
def _fetched(run_id: str, moment: tuple[object, ...]) -> tuple[Curve, Insight, int]:  # noqa: ARG001
    store = services.store()
    curve = store.curve(run_id)
    return curve, store.insight(run_id), store.kept_epoch(run_id) if curve.epochs else 0
