"""Break the code around the model: see what a classic mistake does, or find a hidden one."""

import streamlit as st

from mnist_core.code_bugs.catalog import BUG_OF, BUGS, Bug
from mnist_core.ui.common import messages, words
from mnist_core.ui.common.section import section
from mnist_core.ui.components.answer import answer
from mnist_core.ui.draw import bug_quiz_view, bug_symptoms_cache, bug_view
from mnist_core.ui.draw.current_digit import CurrentDigit

_MODES = {"choose": ":material/build: Break it yourself", "hunt": ":material/casino: Surprise me: break something"}
_ASKED = "pipeline_asked"


@section("Break the code")
def show(subject: CurrentDigit) -> None:
    """The same digit and the same model, through code with one mistake."""
    mode = st.segmented_control(
        "Who breaks the code",
        list(_MODES),
        format_func=_MODES.__getitem__,
        default="choose",
        required=True,
        key="pipeline_mode",
        persist_state="session",
        label_visibility="collapsed",
    )
    {"choose": _show_chosen, "hunt": bug_quiz_view.show}[mode](subject)


def _show_chosen(subject: CurrentDigit) -> None:
    code = st.pills(
        "The mistake",
        [bug.code for bug in BUGS],
        format_func=lambda code: BUG_OF[code].title,
        default=BUGS[0].code,
        key="pipeline_bug",
        persist_state="session",
        help="The model is the same and in order. Only the code around it is broken. Press a mistake again to mend it.",
    )
    if code is None:
        answer(words.answer_of(subject.reading), key="pipeline_before")
        st.caption("Nothing is broken. Choose a mistake to see what it does to this answer.")
        return
    bug = BUG_OF[code]
    st.markdown(bug.story)
    _show_before_and_after(bug, subject)
    bug_view.show_code(bug)
    bug_view.show_advice(bug)
    with messages.explained():
        _show_measured(bug, subject.model)


def _show_before_and_after(bug: Bug, subject: CurrentDigit) -> None:
    before, after, sight = st.columns([0.37, 0.37, 0.26], gap="medium")
    with before:
        st.markdown("##### Right code")
        answer(words.answer_of(subject.reading), key="pipeline_before")
    with after, messages.explained():
        st.markdown("##### Broken code")
        probabilities = bug_symptoms_cache.answer(bug.code, subject, subject.model, st.session_state.get(_ASKED, 0))
        answer(words.answer_of_probabilities(probabilities), key="pipeline_after")
        if bug.code == "eval_mode_forgotten":
            st.button("Ask again", icon=":material/refresh:", on_click=_ask_again, key="pipeline_again")
    with sight:
        bug_view.show_handed(bug_symptoms_cache.model_input(bug.code, subject), "pipeline_handed")


def _ask_again() -> None:
    st.session_state[_ASKED] = st.session_state.get(_ASKED, 0) + 1


def _show_measured(bug: Bug, model: str) -> None:
    seen, whole = bug_symptoms_cache.symptoms(bug.code, model), bug_symptoms_cache.symptoms(None, model)
    right, wrong = words.percent(whole.accuracy), words.percent(seen.accuracy)
    st.markdown(f"##### On 1,000 validation images: {right} right without the mistake, {wrong} with it")
    bug_view.show_signs(seen, whole)
    if bug.code == "eval_mode_forgotten" and not bug_symptoms_cache.predict_unbatched(model):
        st.caption("They were asked by the twenty-five, because one alone stops the broken program with this model.")
