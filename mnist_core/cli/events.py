"""A training's events, said on the command line."""

from functools import singledispatch

import click

from mnist_core.training import events
from mnist_core.training.events import Event

_BAD_NEWS = events.Diverged | events.Stopped | events.Failed


def say_event(event: Event, run_id: str | None, as_json: bool) -> None:
    """Say one event: a line for people, or all of it as JSON. Without an id it is of no run that is kept."""
    if as_json:
        click.echo(events.to_json(event, **({} if run_id is None else {"run": run_id})))
        return
    line = line_of(event)
    if isinstance(event, events.Started):
        line = f"range test: {line}" if run_id is None else f"run {run_id}: {line}"
    if line is not None:
        click.echo(line, err=isinstance(event, _BAD_NEWS))


@singledispatch
def line_of(event: Event) -> str | None:  # noqa: ARG001
    """The event in a line for people; None for a kind of which there are so many that they would drown the rest."""
    return None


@line_of.register
def _started(event: events.Started) -> str:
    return f"{event.parameters:,} parameters, {event.steps:,} steps on {event.device}"


@line_of.register
def _epoch(event: events.Epoch) -> str:
    return (
        f"epoch {event.epoch}: training loss {event.training_loss:.4f}, accuracy {event.training_accuracy:.2%}; "
        f"validation loss {event.validation_loss:.4f}, accuracy {event.validation_accuracy:.2%}; {event.wall_s:.1f} s"
    )


@line_of.register
def _fitted(event: events.PairFitted) -> str:
    return f"border {event.done} of {event.of}: between {event.pair[0]} and {event.pair[1]}"


@line_of.register
def _changed(event: events.SettingChanged) -> str:
    return f"step {event.step}: {event.name} is {event.value:g} from now on; it was {event.before:g}"


@line_of.register
def _paused(event: events.Paused) -> str:
    return f"paused after step {event.step}"


@line_of.register
def _resumed(event: events.Resumed) -> str:
    return f"goes on after step {event.step}"


@line_of.register
def _suspended(event: events.Suspended) -> str:
    return f"gives its worker back after step {event.step}, to go on later"


@line_of.register
def _finished(event: events.Finished) -> str:
    kept = f" (of epoch {event.kept_epoch}, the best)" if 0 < event.kept_epoch < event.epochs else ""
    return f"finished: test accuracy {event.test_accuracy:.2%}{kept} after {event.wall_s:.1f} s"


@line_of.register
def _range_tested(event: events.RangeTested) -> str:
    if event.suggested is None:
        return f"no rate found: the loss never fell; {event.wall_s:.1f} s"
    return (
        f"learning rate {event.suggested:.2g}: the loss fell fastest there; it was lowest at {event.lowest:.2g}; "
        f"{event.wall_s:.1f} s"
    )


@line_of.register
def _diverged(event: events.Diverged) -> str:
    return f"error: diverged at step {event.step}: lower the learning rate"


@line_of.register
def _stopped(event: events.Stopped) -> str:
    return f"stopped after step {event.step}"


@line_of.register
def _failed(event: events.Failed) -> str:
    return f"error: {event.message} {event.fix}"
