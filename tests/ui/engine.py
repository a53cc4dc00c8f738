"""An engine that trains nothing: tests of pages need no worker processes."""

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.live import Live, live_of
from mnist_core.runs.my_digits import Teaching
from mnist_core.runs.run import Run
from mnist_core.ui import services


class EngineWithoutWorkers:
    """Puts runs into the store and answers for them from there; trains nothing."""

    def __init__(self) -> None:
        self.stopped: list[tuple[str, str]] = []
        self.refusal: UserError | None = None

    def submit(self, recipe: Recipe, name: str = "", session: str = "", teaching: Teaching | None = None) -> Run:
        if self.refusal:
            raise self.refusal
        return services.store().create(recipe, name, session, teaching)

    def stop(self, run_id: str, owner_token: str) -> None:
        self.stopped.append((run_id, owner_token))

    def live(self, run_id: str) -> Live:
        return live_of(services.store().run(run_id))
