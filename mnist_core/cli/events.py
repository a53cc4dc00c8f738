"""A training's events, said on the command line."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mnist_core.training.events import Event


def say_event(event: "Event", run_id: str, as_json: bool) -> None:
    """Say one event: a line for people, or all of it as JSON."""
    from mnist_core.training import events

    if as_json:
        click.echo(events.to_json(event, run=run_id))
        return
    match event:
        case events.Started():
            click.echo(f"run {run_id}: {event.parameters:,} parameters, {event.steps:,} steps on {event.device}")
        case events.Epoch():
            click.echo(
                f"epoch {event.epoch}: training loss {event.training_loss:.4f}, accuracy "
                f"{event.training_accuracy:.2%}; validation loss {event.validation_loss:.4f}, accuracy "
                f"{event.validation_accuracy:.2%}; {event.wall_s:.1f} s"
            )
        case events.Finished():
            click.echo(f"finished: test accuracy {event.test_accuracy:.2%} after {event.wall_s:.1f} s")
        case events.Diverged():
            click.echo(f"error: diverged at step {event.step}: lower the learning rate", err=True)
        case events.Stopped():
            click.echo(f"stopped after step {event.step}", err=True)
        case events.Failed():
            click.echo(f"error: {event.message} {event.fix}", err=True)
        case _:
            pass  # a step a line would drown the rest
