"""What is known of a run or a shipped model, gathered for whoever takes it away."""

from collections.abc import Iterator

from mnist_core.export.facts import Facts
from mnist_core.runs.cards import shipped_card
from mnist_core.runs.registry import load_model
from mnist_core.runs.run import Run
from mnist_core.runs.store.store import Store

_MAX_STEPS = 10_000  # rows of a table that a spreadsheet still opens gladly


def facts_of(name: str, store: Store | None = None) -> Facts:
    """What is known of the shipped model of that name, or of the run with that id, start of an id, or name.

    Raises:
        UserError: `model_unknown`, `run_unknown`, `run_ambiguous`, or what is wrong with the recipe or the database.
    """
    card = shipped_card(name)
    if store is not None and card is None:
        return _of_run(store.find(name), store)
    loaded = load_model(name)  # knows how to refuse
    assert card is not None
    return Facts(
        name=f"digit-clinic-{card.name}",
        title=card.title,
        recipe=card.recipe,
        model=lambda: loaded.model,
        validation_accuracy=float(card.facts["validation_accuracy"]),
        test_accuracy=card.test_accuracy,
        weaknesses=card.weaknesses,
    )


def _of_run(run: Run, store: Store) -> Facts:
    curve = store.curve(run.id, _MAX_STEPS)
    kept = store.kept_epoch(run.id) if curve.epochs else 0
    accuracies = {row.epoch: row.validation_accuracy for row in curve.epochs}
    return Facts(
        name=f"digit-clinic-{run.id}",
        title=run.name,
        recipe=run.recipe,
        model=lambda: load_model(run.id, store).model,
        epochs=curve.epochs,
        steps=curve.steps,
        changes=store.insight(run.id, max_points=2).changed,
        kept_epoch=kept,
        validation_accuracy=accuracies.get(kept, run.validation_accuracy),
        test_accuracy=run.test_accuracy,
        notes=tuple(_notes(run)),
    )


def _notes(run: Run) -> Iterator[str]:
    if run.continues is not None:
        yield f"It continues run {run.continues}."
    if run.state in _ENDS:
        yield _ENDS[run.state]


_ENDS = {
    "stopped": "Stopped before the last epoch.",
    "diverged": "Its loss became NaN; this is the model from before.",
    "interrupted": "It was interrupted; this is its last finished epoch.",
    "failed": "It failed; this is its last finished epoch.",
}
