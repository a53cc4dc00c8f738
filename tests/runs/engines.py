"""The engine and its store that tests of one module share; conftest files hand them out."""

import dask
import pytest

from mnist_core.runs.queue.engine import Engine
from mnist_core.runs.store.store import Store
from tests.runs.examples import wait_for
from tests.runs.fakes import CLAIM_TEST, TRAINING

NO_PREPARATION = ("DASK_DISTRIBUTED__WORKER__PRELOAD", "[]")
"""Workers that import torch only when a run needs it: most of these need none."""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('store')}/runs.sqlite", step_gap_s=0)
    yield store
    store.close()


@pytest.fixture(scope="module")
def engine(store):
    """Two workers that do what `fakes` says; a gigabyte and a half each, so that too much is soon reached."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(*NO_PREPARATION)
        fakes = {"training": TRAINING, "claim_test": CLAIM_TEST}
        with Engine(store, workers=2, worker_memory_bytes=3 * 2**29, **fakes) as engine:
            engine.start()
            wait_for(lambda: engine.cluster)
            yield engine


@pytest.fixture
def cluster_elsewhere(engine):
    """That engine's cluster as another app would be told of it: its address; and its key, in Dask's configuration."""
    tls = engine.cluster.client.security.get_tls_config_for_role("client")
    key = {"ca-file": tls["ca_file"], "client.cert": tls["cert"], "client.key": tls["key"]}
    with dask.config.set({f"distributed.comm.tls.{name}": text for name, text in key.items()}):
        yield engine.cluster.client.scheduler.address
