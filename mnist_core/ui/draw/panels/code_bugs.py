"""Pipeline bugs: see what a classic bug in the code around a model does, or find a hidden one."""

import streamlit as st

from mnist_core.code_bugs.catalog import BUG_OF, BUGS, Bug
from mnist_core.ui import services
from mnist_core.ui.common import messages, words
from mnist_core.ui.common.choice import choose
from mnist_core.ui.common.section import section
from mnist_core.ui.components.answer import answer
from mnist_core.ui.draw import bug_quiz_view, bug_view
from mnist_core.ui.draw.current_digit import CurrentDigit

_MODES = {"choose": ":material/build: Choose a bug", "hunt": ":material/casino: Guess a hidden bug"}
_ASKED = "pipeline_asked"


@section("Pipeline bugs")
def show(subject: CurrentDigit) -> None:
    """The same digit and the same model, through code with one bug."""
    mode = choose("Choose or guess", _MODES, "pipeline_mode", persist_state="session", label_visibility="collapsed")
    if mode == "hunt":
        bug_quiz_view.show(subject)
        return
    code = st.pills(
        "Bug",
        [bug.code for bug in BUGS],
        format_func=lambda code: BUG_OF[code].title,
        default=BUGS[0].code,
        key="pipeline_bug",
        persist_state="session",
        help="The model is the same and works. Only the code around it is broken. Click a bug again to fix it.",
    )
    if code is None:
        answer(words.answer_of(subject.reading), key="pipeline_before")
        st.caption("Nothing is broken. Choose a bug to see what it does to this answer.")
        return
    bug = BUG_OF[code]
    st.markdown(bug.story)
    _show_before_and_after(bug, subject)
    bug_view.show_bug(bug)
    with messages.explained():
        from mnist_core.code_bugs.simulation import predict_unbatched

        seen, whole = (bug_view.symptoms(subject.model, code) for code in (bug.code, None))
        right, wrong = words.percent(whole.accuracy), words.percent(seen.accuracy)
        st.markdown(f"##### Accuracy on 1,000 validation images: {right} without the bug, {wrong} with it")
        bug_view.show_signs(seen, whole)
        if bug.code == "eval_mode_forgotten" and not predict_unbatched(services.model(subject.model).model):
            st.caption("Predicted in batches of 25, because a single image crashes the broken program with this model.")


def _show_before_and_after(bug: Bug, subject: CurrentDigit) -> None:
    before, after, sight = st.columns([0.37, 0.37, 0.26], gap="medium")
    with before:
        st.markdown("##### Right code")
        answer(words.answer_of(subject.reading), key="pipeline_before")
    with after, messages.explained():
        st.markdown("##### Broken code")
        times = st.session_state.get(_ASKED, 0)
        probabilities = bug_view.answer_with(bug.code, subject, subject.model, times)
        answer(words.answer_of_probabilities(probabilities), key="pipeline_after")
        if bug.code == "eval_mode_forgotten":
            st.button(
                "Ask again",
                icon=":material/refresh:",
                on_click=lambda: st.session_state.update({_ASKED: times + 1}),
                key="pipeline_again",
            )
    with sight:
        bug_view.show_model_input(bug.code, subject, "pipeline_handed")
