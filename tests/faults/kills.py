"""Kill -9 of the app, a worker or the scheduler at random moments: nothing that was finished is lost.

`python -m tests.faults.kills --rounds 200 --seed 0` prints a line a round and what was lost, and exits with 1 when
anything was; the same seed draws the same rounds, and `--first 17 --rounds 1` plays one again. Each round starts an app
with a fresh database (or `--database URL`), lets it do one of the `activities`, kills somebody, and opens the database
as the next app would. Where a worker or the scheduler is killed, the app has to go on: the round waits until its next
run gets somewhere, and then kills the app, too.

With no setting the scheduler is a part of the app and dies with it. To kill it alone, the app is given a cluster as
`DIGIT_CLINIC_SCHEDULER` names one, and after the kill a new scheduler at the same address.
"""

import os
import random
import select
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import click
import psutil
import sqlalchemy

from mnist_core.runs.queue.engine import Engine
from mnist_core.runs.store.store import Store
from tests import forked
from tests.browser.server import free_port
from tests.faults.activities import ACTIVITIES, App, TellingStore, Told
from tests.patience import PATIENCE_S
from tests.runs.engines import NO_PREPARATION
from tests.runs.remote_cluster import start_scheduler, start_worker

REAL = {"claim_test": "tests.faults.activities:run_made_up_claim"}
"""What workers call for kinds of runs, where it is not what they always call."""

FAKE = {
    **dict.fromkeys(("training", "fine_tuning", "lr_finder"), "tests.faults.activities:pretend_to_train"),
    "claim_test": "tests.runs.fakes:rerun",
}
"""The same with trainings that compute nothing, and so need no PyTorch."""

_VICTIMS = ("app", "worker", "scheduler")
_MOST_HEARD = 12
_LONGEST_DELAY_S = 0.4


@dataclass(frozen=True, slots=True)
class Round:
    """Who is killed, and when: so long after so many things that were told to be kept; after none, as the app starts.

    Attributes:
        activity: As `activities.ACTIVITIES` names it.
        victim: `app`, `worker` or `scheduler`.
        choice: 0 to 1, which of several processes that are workers or look after one.
    """

    activity: str
    victim: str
    heard: int
    delay_s: float
    choice: float = 0.0

    def __str__(self) -> str:
        return f"{self.activity}, {self.victim} killed {self.delay_s:.2f} s after {self.heard} kept"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many things were told to be kept, and what of all that is lost, in words."""

    told: int
    lost: tuple[str, ...]


def draw(seed: int, number: int) -> Round:
    """The round of that number."""
    dice = random.Random(f"{seed} {number}")
    activity = dice.choice(sorted(ACTIVITIES))
    victim = dice.choice(_VICTIMS) if ACTIVITIES[activity].kinds else "app"
    heard = dice.randrange(0 if victim == "app" else 1, _MOST_HEARD)
    return Round(activity, victim, heard, dice.uniform(0, _LONGEST_DELAY_S), dice.random())


def play(planned: Round, folder: Path, database: str = "", **functions: str) -> Outcome:
    """Start an app, kill as planned, and look for what is lost.

    Args:
        planned: What is played.
        folder: Where a SQLite database is made, if no other is named.
        database: Its address.
        functions: What workers call for a kind of run, see `REAL` and `FAKE`.
    """
    url = database or f"sqlite:///{folder}/runs.sqlite"
    with ExitStack() as stack:
        port = free_port() if planned.victim == "scheduler" else None
        scheduler = stack.enter_context(_cluster(port)) if port else None
        address = f"tcp://127.0.0.1:{port}" if port else ""
        app = stack.enter_context(_app(planned.activity, url, address, functions))
        app.hear_until(lambda: len(app.told) >= planned.heard)
        time.sleep(planned.delay_s)
        if planned.victim != "app":
            before = {one["run"] for one in app.told}
            (scheduler or app.pick_worker(planned.choice)).kill()
            if port:
                stack.enter_context(_cluster(port))
            app.hear_until(lambda: any(one["run"] not in before and one.get("end") != "failed" for one in app.told))
        app.kill()
    return Outcome(len(app.told), tuple(_find_lost(planned.activity, url, app.told)))


def _find_lost(activity: str, url: str, told: Sequence[Told]) -> Iterator[str]:
    """As the next app finds it."""
    file = sqlalchemy.make_url(url).database if url.startswith("sqlite") else None
    if file and not Path(file).exists():  # killed before there was any
        yield from (f"the whole database, with {one}" for one in told)
        return
    if file:
        with closing(sqlite3.connect(file)) as connection:
            for (said,) in connection.execute("PRAGMA integrity_check"):
                if said != "ok":
                    yield f"the database is damaged: {said}"
    store = Store(url)
    store.recover()
    yield from ACTIVITIES[activity].find_lost(store, told)
    if store.recover():
        yield "runs of dead processes were not interrupted at once"
    store.close()


# --- processes ------------------------------------------------------------------------------------------


class _Process:
    """An app in a process of its own, and what it has told."""

    def __init__(self, process: ForkServerProcess, listening: Connection) -> None:
        self.told: list[Told] = []
        self._process = process
        self._listening = listening

    def hear_until(self, is_so: Callable[[], bool]) -> None:
        """Wait for what it tells.

        Raises:
            RuntimeError: When it never tells so.
        """
        give_up_at_s = time.monotonic() + PATIENCE_S
        while not is_so():
            if not self._listening.poll(max(0.0, give_up_at_s - time.monotonic())):
                raise RuntimeError(f"the app did not go on; it told {self.told[-5:]}")
            try:
                self.told.append(self._listening.recv())
            except EOFError:
                raise RuntimeError("the app ended by itself") from None

    def pick_worker(self, choice: float) -> psutil.Process:
        """One of the processes that train for it, or that look after those."""
        return _pick(psutil.Process(self._process.pid), choice)

    def kill(self) -> None:
        """As the system does when memory is short; all that it told until then is heard, and its workers end."""
        below = psutil.Process(self._process.pid).children(recursive=True)
        self._process.kill()
        self._process.join()
        _, alive = psutil.wait_procs(below, timeout=PATIENCE_S)
        assert alive == []
        with suppress(EOFError, OSError):  # the last one may have been cut off
            while True:
                self.told.append(self._listening.recv())


def _pick(above: psutil.Process, choice: float) -> psutil.Process:
    below = [child for child in above.children(recursive=True) if _trains(child)]
    return below[int(choice * len(below))]


def _trains(process: psutil.Process) -> bool:
    try:
        words = " ".join(process.cmdline())
    except psutil.Error:  # it has just ended
        return False
    return "dask_worker" in words or "spawn_main" in words


@contextmanager
def _app(activity: str, url: str, scheduler: str, functions: dict[str, str]) -> Iterator[_Process]:
    environment = {**os.environ, **dict([NO_PREPARATION])}
    listening, telling = Pipe(duplex=False)
    process = forked.start(_be_app, activity, url, scheduler, functions, environment, telling)
    telling.close()
    try:
        yield _Process(process, listening)
    finally:
        process.kill()
        process.join()
        process.close()
        listening.close()


@contextmanager
def _cluster(port: int) -> Iterator[psutil.Process]:
    """A scheduler at that port and a worker; gives the scheduler's process."""
    with start_scheduler(port) as (address, process), start_worker(address):
        yield psutil.Process(process.pid)


def _be_app(
    activity: str,
    url: str,
    scheduler: str,
    functions: dict[str, str],
    environment: dict[str, str],
    telling: Connection,
) -> None:
    """What the app's process does, until it is killed."""
    os.environ.update(environment)
    threading.Thread(target=_end_with_whoever_hears, args=(telling,), daemon=True).start()
    store = TellingStore(url, telling)
    store.recover()
    does = ACTIVITIES[activity]
    engine = Engine(store, scheduler or None, workers=1, **functions) if does.kinds else None
    does.work(App(store, engine))


def _end_with_whoever_hears(telling: Connection) -> None:
    """Nobody is left to kill it, when a test is stopped."""
    watched = select.poll()
    watched.register(telling.fileno(), 0)  # tells errors only
    watched.poll()
    os._exit(0)


# --- the command ----------------------------------------------------------------------------------------


@click.command()
@click.option("--rounds", type=click.IntRange(1), default=200, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--first", type=click.IntRange(0), default=0, show_default=True, help="The number of the first round.")
@click.option("--pretend", is_flag=True, help="With trainings that compute nothing: a round takes half as long.")
@click.option("--database", default="", help="Another database than a fresh SQLite file for each round.")
def main(rounds: int, seed: int, first: int, pretend: bool, database: str) -> None:
    """Play rounds; exit 1 when anything was lost."""
    told = lost = 0
    with tempfile.TemporaryDirectory() as folder:
        if not pretend:
            from tests.export.small_mnist import write_small_mnist  # it loads PyTorch

            os.environ["DIGIT_CLINIC_MNIST"] = str(write_small_mnist(Path(folder) / "mnist"))
        for number in range(first, first + rounds):
            planned = draw(seed, number)
            with tempfile.TemporaryDirectory() as own:
                try:
                    outcome = play(planned, Path(own), database, **(FAKE if pretend else REAL))
                except RuntimeError as error:
                    outcome = Outcome(0, (str(error),))
            said = "; ".join(f"LOST {one}" for one in outcome.lost) or "nothing lost"
            click.echo(f"{number}: {planned}: {outcome.told} kept, {said}")
            told, lost = told + outcome.told, lost + len(outcome.lost)
    click.echo(f"{rounds} rounds, seed {seed}: {told:,} things were kept, {lost} of them lost")
    raise SystemExit(1 if lost else 0)


if __name__ == "__main__":
    main()
