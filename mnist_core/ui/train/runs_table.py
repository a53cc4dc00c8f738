"""The newest runs as a table: to open and to compare, and one's own to rename and to delete."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import streamlit as st

from mnist_core.errors import UserError
from mnist_core.recipe import FIELDS, Recipe
from mnist_core.runs.names import MAX_CHARACTERS
from mnist_core.runs.run import Run
from mnist_core.setting_words import setting_text
from mnist_core.ui import services
from mnist_core.ui.common import messages, words
from mnist_core.ui.common.section import section
from mnist_core.ui.common.turns import fragment
from mnist_core.ui.train import run_comparison, run_control

_LISTED = 30
_POLL_S = 3.0
_TICKED = "ticked_runs"  # the ids of the runs that are ticked
_OPEN = "open_listed_run"
_RENAMING, _DELETING = "renaming", "deleting"


def show(opened_id: str | None) -> None:
    """The newest runs. The table follows runs that have not ended; one query reads all of it."""
    with messages.explained(part="Recent runs"):
        runs = services.store().runs(_LISTED)
        unseen = [runs]  # by the fragment, which asks again each time after the first

        def follow() -> None:
            _show(unseen.pop() if unseen else services.store().runs(_LISTED), opened_id)

        fragment(follow, run_every=_POLL_S if any(run.is_active for run in runs) else None)()


@section("Recent runs")
def _show(runs: Sequence[Run], opened_id: str | None) -> None:
    st.markdown("##### Recent runs")
    if not runs:
        st.caption("None yet. The runs you train are listed here.")
        return
    ticked = _show_table(runs, opened_id)
    if ticked:
        _show_actions(ticked)
    else:
        st.caption(f"Tick up to {run_comparison.MOST} runs to compare their curves; tick your own to rename or delete.")
    if len(ticked) > 1:
        run_comparison.show(ticked)


def _show_table(runs: Sequence[Run], opened_id: str | None) -> list[Run]:
    """The table; the runs that are ticked in it."""
    ids = [run.id for run in runs]
    rows = [ids.index(run_id) for run_id in st.session_state.get(_TICKED, ()) if run_id in ids]
    event: Any = st.dataframe(
        _columns(runs, opened_id),
        hide_index=True,
        placeholder="",
        column_config={
            "Open": st.column_config.ButtonColumn(
                "", type="tertiary", width="small", key=_OPEN, on_click=_open_clicked, args=(ids,)
            ),
            "Run": st.column_config.TextColumn(width="medium"),
            "Test accuracy": st.column_config.NumberColumn(format="%.2f %%", width="small"),
            "Validation": st.column_config.NumberColumn(format="%.2f %%", width="small"),
            "Started": st.column_config.DatetimeColumn(format="distance", width="small"),
        },
        # Rows are ticked by their places: where these are other runs', it is another table.
        key=f"runs_{ids[0]}_{ids[-1]}_{len(ids)}",
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": rows}},
        alt=f"The {len(runs)} newest runs, the newest first",
    )
    ticked = [runs[row] for row in event["selection"]["rows"] if row < len(runs)]
    st.session_state[_TICKED] = [run.id for run in ticked]
    return ticked


def _columns(runs: Sequence[Run], opened_id: str | None) -> dict[str, list[Any]]:
    return {
        "Open": ["Shown" if run.id == opened_id else "Open" for run in runs],
        "Run": [run.name for run in runs],
        "Test accuracy": [_in_per_cent(run.test_accuracy) for run in runs],
        "Validation": [_in_per_cent(run.validation_accuracy) for run in runs],
        "State": [words.STATES[run.state][0] for run in runs],
        "Started": [run.created_at for run in runs],
        "Changed settings": [_changed_words(run.recipe_json) for run in runs],
    }


def _in_per_cent(share: float | None) -> float | None:
    return None if share is None else share * 100


@lru_cache(maxsize=500)
def _changed_words(recipe_json: str) -> str:
    try:
        changed = Recipe.from_json(recipe_json).changed
    except UserError:  # the run says so when it is opened
        return ""
    return " · ".join(setting_text(FIELDS[name], value) for name, value in changed.items()) or "all defaults"


def _show_actions(ticked: Sequence[Run]) -> None:
    own = [run for run in ticked if run_control.can_control(run)]
    ended = [run for run in own if not run.is_active]
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(ticked) == 1:
            st.button("Open it", icon=":material/open_in_full:", on_click=_open, args=(ticked[0].id,))
        if len(ticked) == len(own) == 1:
            _show_rename(own[0])
        if ended:
            _show_delete(ended)
        if len(own) < len(ticked):
            st.caption("Runs of other browsers cannot be renamed or deleted here.", width="content")


def _show_rename(run: Run) -> None:
    # The state of a popover is asked for, so that it can be told to close.
    with (
        st.popover("Rename", icon=":material/edit:", key=_RENAMING, on_change=lambda: None),
        st.form("rename_run", border=False),
    ):
        st.text_input("Name", run.name, max_chars=MAX_CHARACTERS, key=f"name_of_{run.id}")
        st.form_submit_button("Save", type="primary", on_click=_rename, args=(run.id,))


def _show_delete(runs: Sequence[Run]) -> None:
    count = words.counted(len(runs), "runs")
    with st.popover(f"Delete {count}", icon=":material/delete:", key=_DELETING, on_change=lambda: None):
        st.markdown(f"{count} with all curves and models will be gone. This cannot be undone.")
        ids = [run.id for run in runs]
        st.button("Delete for good", type="primary", on_click=_delete, args=(ids,), key="delete_for_good")


def _open_clicked(ids: Sequence[str]) -> None:
    _open(ids[st.session_state[_OPEN]["row"]])


def _open(run_id: str) -> None:
    run_control.open_run(run_id)
    st.rerun()  # the whole page: the table runs by itself


def _rename(run_id: str) -> None:
    run_control.rename(run_id, st.session_state[f"name_of_{run_id}"])
    st.session_state[_RENAMING] = False
    st.rerun()  # the whole page: the table runs by itself


def _delete(ids: Sequence[str]) -> None:
    run_control.delete(ids)
    st.session_state[_DELETING] = False
    st.rerun()  # the whole page: the table runs by itself
