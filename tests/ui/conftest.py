"""What every test of the ui needs: a database of its own, and nothing running in the background."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner

from mnist_core.errors import UserError
from mnist_core.ui import services
from tests.ui.engine import EngineWithoutWorkers


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> EngineWithoutWorkers:
    made = EngineWithoutWorkers()
    monkeypatch.setattr(services, "engine", lambda: made)
    return made


@pytest.fixture(autouse=True)
def _own_services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DIGIT_CLINIC_DATABASE", f"sqlite:///{tmp_path / 'runs.sqlite'}")
    monkeypatch.setattr(services, "preload", lambda: None)
    # Streamlit's tester looks through all installed packages for browser parts, a second for each page it opens.
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", list)
    st.cache_resource.clear()
    st.cache_data.clear()
    services.augmented_samples.cache_clear()
    yield
    with suppress(UserError):  # a test may have given it a database that cannot be opened
        services.store().close()
    st.cache_resource.clear()
