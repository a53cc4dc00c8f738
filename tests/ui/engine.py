"""An engine that trains nothing: tests of pages need no worker processes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_core.claims.claim import Claim
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.fine_tune_job import FineTuneJob
from mnist_core.runs.kinds import CLAIM_TEST, FINE_TUNING
from mnist_core.runs.queue.live import Live, live_of
from mnist_core.runs.run import Run
from mnist_core.training.control import Control
from mnist_core.ui import services


class EngineWithoutWorkers:
    """Puts runs into the store and answers for them from there; trains nothing."""

    def __init__(self) -> None:
        self.stopped: list[tuple[str, str]] = []
        self.refusal: UserError | None = None
        self.seeds: tuple[int, ...] = ()  # of the claim's test that was asked for last
        self.wished: dict[str, Control] = {}
        self.shown: dict[str, dict[str, Any]] = {}  # what `live` says otherwise than the store, by run

    def submit(
        self,
        recipe: Recipe,
        name: str = "",
        session: str = "",
        fine_tuning: FineTuneJob | None = None,
        *,
        continues: str | None = None,
        drawing: NDArray[np.floating] | None = None,
    ) -> Run:
        if self.refusal:
            raise self.refusal
        if continues is not None:
            return services.store().create_longer(continues, recipe, name, session)
        pixels = None if drawing is None else (drawing * 255).round().astype(np.uint8)
        if fine_tuning is not None:
            return services.store().create(recipe, name, session, FINE_TUNING, fine_tuning.facts())
        return services.store().create(recipe, name, session, drawing=pixels)

    def test_claim(self, claim: Claim, seeds: Sequence[int], session: str = "") -> Run:
        if self.refusal:
            raise self.refusal
        self.seeds = tuple(seeds)
        facts = {"claim": claim.id, "experiment": claim.experiment}
        return services.store().create(claim.arms_for(quick=True)[0].recipe, claim.title, session, CLAIM_TEST, facts)

    def stop(self, run_id: str, owner_token: str) -> None:
        self.stopped.append((run_id, owner_token))

    def set_control(self, run_id: str, owner_token: str, control: Control) -> None:
        if self.refusal:
            raise self.refusal
        assert owner_token == services.store().run(run_id).owner_token
        self.wished[run_id] = control

    def control(self, run_id: str) -> Control:
        return self.wished.get(run_id, Control())

    def live(self, run_id: str) -> Live:
        known = {"control": self.control(run_id), **self.shown.get(run_id, {})}
        store = services.store()
        return replace(live_of(store.run(run_id), trials=store.trials_of(run_id)), **known)
