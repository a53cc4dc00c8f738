"""A disk that fills up while a run trains."""

import threading
from functools import partial

from sqlalchemy import event

from tests.runs.examples import wait_for
from tests.runs.fakes import Fake, recipe


def test_a_run_whose_disk_is_full_says_so_and_keeps_its_epochs_and_the_app_goes_on(engine, store):
    run = engine.submit(recipe(Fake.ENDLESS))
    wait_for(lambda: engine.live(run.id).epoch)
    database = store._database
    with database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

    is_full = threading.Event()
    is_full.set()

    # The listener stays, for connections are begun in other threads while one would be taken away.
    @partial(event.listen, database._engine, "begin")
    def fill_the_disk(connection) -> None:  # as SQLite sees it: it may take no more than it has
        if is_full.is_set():
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    live = wait_for(lambda: not (now := engine.live(run.id)).is_active and now)
    assert (live.state, live.error.code) == ("failed", "database_full")
    assert "disk" in live.error.message
    is_full.clear()
    database.close()
    wait_for(lambda: store.run(run.id).state == "failed")  # written as soon as there is room
    kept = store.run(run.id)
    assert kept.error.code == "database_full"
    assert store.epochs_with_weights(run.id) == tuple(range(1, kept.epochs_done + 1))
    again = engine.submit(recipe(Fake.SHORT))
    wait_for(lambda: engine.live(again.id).state == "finished")
