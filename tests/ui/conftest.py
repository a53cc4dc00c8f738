"""What every test of the ui needs: a database of its own, and nothing running in the background."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner

from mnist_core.data.mnist_files import FOLDER_VARIABLE, load_mnist
from mnist_core.diagnosis import neighbors
from mnist_core.errors import UserError
from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.runs import registry
from mnist_core.ui import services
from mnist_core.ui.train.form import previews
from tests.ui.engine import EngineWithoutWorkers


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> EngineWithoutWorkers:
    made = EngineWithoutWorkers()
    monkeypatch.setattr(services, "engine", lambda: made)
    return made


@pytest.fixture(scope="module")
def lasting_caches() -> Iterator[None]:
    """What was computed for one test of the module is there for the next, as in an app: it is the same in all."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture(autouse=True)
def _own_services(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DIGIT_CLINIC_DATABASE", f"sqlite:///{tmp_path / 'runs.sqlite'}")
    monkeypatch.setattr(services, "preload", lambda: None)
    # Streamlit's tester looks through all installed packages for browser parts, a second for each page it opens.
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", list)
    is_all = "lasting_caches" not in request.fixturenames
    _forget(is_all)
    previews.augmented.cache_clear()
    yield
    with suppress(UserError):  # a test may have given it a database that cannot be opened
        services.store().close()
    _forget(is_all)


def _forget(is_all: bool) -> None:
    if is_all:
        st.cache_resource.clear()
    st.cache_data.clear()
    for one in (services.store, services.shipped_choices, services._open_model):
        one.forget()


class _Failures(logging.Handler):
    """Keeps what sections of a page logged when they could not be shown."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self.told.append(f"{record.getMessage()}: {error!r}")


@pytest.fixture(autouse=True)
def failures() -> Iterator[list[str]]:
    """What could not be shown. A page goes on after it: no test may overlook it, so those that expect it clear it."""
    handler, log = _Failures(), logging.getLogger("mnist_core.ui")
    log.addHandler(handler)
    yield handler.told
    log.removeHandler(handler)
    assert not handler.told


@pytest.fixture(autouse=True, scope="session")
def _shipped_models_are_asked_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Each is opened once a process and answers MNIST's 10,000 test images once for all: no test changes them."""
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "load_model", _once(registry.load_model))
        patch.setattr(registry, "evaluate", _once(registry.evaluate, partial(_answered, registry.evaluate, folder)))
        yield


def _once(ask: Callable[..., Any], of_shipped: Callable[[str], Any] | None = None) -> Callable[..., Any]:
    of_shipped = cache(of_shipped or ask)

    def asked(name: str = registry.DEFAULT_MODEL, store: object = None) -> object:
        is_lasting = store is None and FOLDER_VARIABLE not in os.environ
        return of_shipped(name) if is_lasting else ask(name, store)

    return asked


def _answered(evaluate: Callable[[str], Evaluation], folder: Path, name: str) -> Evaluation:
    """What the processes that test side by side have asked already: all models take 18 s of the processor."""
    kept = folder / f"answers_of_{name}"
    if not kept.exists():
        written = kept.with_name(f"{kept.name}_{os.getpid()}")
        written.write_bytes(evaluate(name).probabilities.astype("<f2").tobytes())
        written.replace(kept)
    return Evaluation.from_bytes(load_mnist().test_labels.numpy(), kept.read_bytes())


@pytest.fixture(autouse=True, scope="session")
def _few_neighbors() -> Iterator[None]:
    """Pages show what is near whatever it was chosen from; 55,000 images take 20 s of the processor for each module."""
    with pytest.MonkeyPatch.context() as patch:
        build = neighbors.build
        patch.setattr(neighbors, "build", lambda model, every=1, *told: build(model, max(every, 40), *told))
        yield
