"""A training's events and hints, printed."""

import dataclasses
from collections.abc import Callable
from typing import Any

import click

from mnist_core.cli.options import say
from mnist_core.recipe import FIELDS
from mnist_core.training import events
from mnist_core.training.events import Event
from mnist_core.training.hints import Hint


def print_event(event: Event, run_id: str | None, as_json: bool) -> None:
    """Print an event: a line for people, or all of it as JSON. `run_id` is None when no run is kept."""
    if as_json:
        click.echo(events.to_json(event, **({} if run_id is None else {"run": run_id})))
        return
    line = line_of(event)
    if isinstance(event, events.Started):
        line = f"range test: {line}" if run_id is None else f"run {run_id}: {line}"
    if line is not None:
        click.echo(line, err=isinstance(event, events.Diverged | events.Stopped | events.Failed))


def print_hint(hint: Hint, run_id: str, as_json: bool) -> None:
    """Print what a run shows and what to try: two lines for people, or all of it as JSON."""
    change = " ".join(f"{name}={FIELDS[name].write(value)}" for name, value in hint.change.items())
    facts = {"event": "hint", **dataclasses.asdict(hint), "run": run_id}
    say(facts, f"hint: {hint.title}. {hint.text}\n  try: {change}", as_json)


def line_of(event: Event) -> str | None:
    """The event in a line for people; None for a kind of which there are so many that they would drown the rest."""
    write = _LINES.get(type(event))
    return None if write is None else write(event)


def _epoch(event: events.Epoch) -> str:
    return (
        f"epoch {event.epoch}: training loss {event.training_loss:.4f}, accuracy {event.training_accuracy:.2%}; "
        f"validation loss {event.validation_loss:.4f}, accuracy {event.validation_accuracy:.2%}; {event.wall_s:.1f} s"
    )


def _finished(event: events.Finished) -> str:
    kept = f" (best epoch: {event.kept_epoch})" if 0 < event.kept_epoch < event.epochs else ""
    return f"finished: test accuracy {event.test_accuracy:.2%}{kept} after {event.wall_s:.1f} s"


def _range_tested(event: events.RangeTested) -> str:
    if event.suggested is None:
        return f"no rate found: the loss never fell; {event.wall_s:.1f} s"
    return (
        f"learning rate {event.suggested:.2g}: the loss fell fastest there; it was lowest at {event.lowest:.2g}; "
        f"{event.wall_s:.1f} s"
    )


_LINES: dict[type, Callable[[Any], str]] = {
    events.Started: lambda event: f"{event.parameters:,} parameters, {event.steps:,} steps on {event.device}",
    events.Epoch: _epoch,
    events.PairFitted: lambda event: f"SVM {event.done} of {event.of} fitted: {event.pair[0]} against {event.pair[1]}",
    events.SettingChanged: lambda event: (
        f"step {event.step}: {event.name} is {event.value:g} from now on; it was {event.before:g}"
    ),
    events.Paused: lambda event: f"paused after step {event.step}",
    events.Resumed: lambda event: f"resumed after step {event.step}",
    events.Suspended: lambda event: f"suspended after step {event.step}; the worker is free",
    events.Finished: _finished,
    events.RangeTested: _range_tested,
    events.Diverged: lambda event: f"error: diverged at step {event.step}: lower the learning rate",
    events.Stopped: lambda event: f"stopped after step {event.step}",
    events.Failed: lambda event: f"error: {event.message} {event.fix}",
}
