"""The bug hunt on the page: signs of a hidden bug, guesses, and what speaks against them."""

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.code_bugs.catalog import BUG_OF, Bug
from mnist_core.ui.common import messages, words
from mnist_core.ui.common.pictures import data_url
from mnist_core.ui.components.answer import answer
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.components.matrix import matrix
from mnist_core.ui.draw import bug_symptoms_cache, bug_view
from mnist_core.ui.draw.bug_quiz import MOST_POINTS, Hunt, Score
from mnist_core.ui.draw.current_digit import CurrentDigit

if TYPE_CHECKING:
    from mnist_core.code_bugs.symptoms import Symptoms

_NEARLY_ALL = 0.9
_FEWEST = 2  # bugs to hide: to guess among one is no game
_HUNT, _SCORE = "pipeline_hunt", "pipeline_score"


def show(subject: CurrentDigit) -> None:
    """Play: the digit of the page is one of the clues, and drawing another one is allowed."""
    hunt: Hunt | None = st.session_state.get(_HUNT)
    if hunt is None:
        with messages.explained():
            _invite(subject)
        return
    _show_score(hunt, subject)
    with messages.explained():
        _show_clues(hunt, subject)
    if not hunt.over:
        _show_guesses(hunt)
        return
    _show_end(hunt)
    with messages.explained():
        _show_begin("Break something else", subject, last=hunt.bug)


def _invite(subject: CurrentDigit) -> None:
    st.markdown(
        "One mistake is put into the code around the model, and you are not told which. You see what it answers, and "
        f"find out what is wrong. Each round is worth {MOST_POINTS} points; a wrong guess costs one."
    )
    _show_begin("Break something", subject)


def _show_begin(label: str, subject: CurrentDigit, last: str | None = None) -> None:
    showing = bug_symptoms_cache.detectable_bugs(subject.model)
    if len(showing) < _FEWEST:
        st.info("This model answers nearly the same to everything, so that no mistake shows. Choose another one.")
        return
    hidden = [code for code in showing if code != last]
    st.button(
        label,
        icon=":material/casino:",
        type="primary",
        on_click=_begin,
        args=[hidden, subject.model],
        key="pipeline_hunt_begin",
    )


# --- what the buttons do ----------------------------------------------------------------------------------


def _begin(hidden: list[str], model: str) -> None:
    st.session_state[_HUNT] = Hunt(random.choice(hidden), model)


def _take(change: Callable[[Hunt], Hunt]) -> None:
    """Bring the round forward, and count it once when that ends it."""
    before: Hunt = st.session_state[_HUNT]
    after = change(before)
    st.session_state[_HUNT] = after
    if after.over and not before.over:
        st.session_state[_SCORE] = _score().after(after)


def _guess(code: str) -> None:
    _take(lambda hunt: hunt.guess(code))


def _score() -> Score:
    score: Score = st.session_state.get(_SCORE, Score())
    return score


# --- what is seen -----------------------------------------------------------------------------------------


def _show_score(hunt: Hunt, subject: CurrentDigit) -> None:
    score = _score()
    number = score.rounds + (not hunt.over)
    parts = [f"**Round {number}**"]
    parts += [] if hunt.over else [f"worth {_counted(hunt.points, 'point')} now"]
    if score.rounds:
        parts.append(f"found {score.found} of {score.rounds} with {_counted(score.guesses, 'guess', 'guesses')}")
        parts.append(f"**{score.points} of {MOST_POINTS * score.rounds} points**")
    st.markdown(" · ".join(parts))
    if hunt.model != subject.model:
        st.caption("The mistake is around the model this round began with; the next round takes the one chosen above.")


def _show_clues(hunt: Hunt, subject: CurrentDigit) -> None:
    left, right = st.columns([0.4, 0.6], gap="large")
    with left:
        st.markdown("##### Your digit")
        shown = words.answer_of_probabilities(bug_symptoms_cache.answer(hunt.bug, subject, hunt.model, hunt.asked))
        answer(shown, key="pipeline_hunt_answer")
    with right:
        st.markdown("##### Ten digits of MNIST")
        _show_ten(hunt)
        _show_tools(hunt)
        if hunt.looked:
            bug_view.show_handed(bug_symptoms_cache.model_input(hunt.bug, subject), "pipeline_hunt_handed")
    st.markdown("##### 1,000 digits of MNIST")
    seen = bug_symptoms_cache.symptoms(hunt.bug, hunt.model)
    bug_view.show_signs(seen, bug_symptoms_cache.symptoms(None, hunt.model))
    with st.expander("Which digit is read as which?", icon=":material/grid_on:", key="pipeline_hunt_confusion"):
        matrix(
            seen.evaluation.confusion,
            shows="rows",
            selected=None,
            on_pick=lambda _: None,
            key="pipeline_hunt_matrix",
        )


def _show_ten(hunt: Hunt) -> None:
    ten = bug_symptoms_cache.one_per_class(hunt.bug, hunt.model, hunt.asked)
    strip([_picture(asked) for asked in ten], "Ten digits and their answers", "pipeline_hunt_ten", small=True)


def _picture(asked: bug_symptoms_cache.Asked) -> Picture:
    sign = "✓" if asked.answer == asked.label else "✗"
    sure = words.percent(asked.confidence, 0)
    spoken = f"A {asked.label}, read as {asked.answer}, {sure} sure"
    return Picture(data_url(asked.image), spoken, f"{sign} reads {asked.answer}", sure, pixels=True)


def _show_tools(hunt: Hunt) -> None:
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Ask all again",
            icon=":material/refresh:",
            on_click=_take,
            args=[Hunt.ask_again],
            help="The same digits once more, through the same code.",
            key="pipeline_hunt_again",
        )
        if not hunt.looked and not hunt.over:
            st.button(
                "Look at what goes in (−1 point)",
                icon=":material/visibility:",
                on_click=_take,
                args=[Hunt.look],
                help="Your digit as the broken code hands it to the network, with its smallest and largest number.",
                key="pipeline_hunt_look",
            )
    if hunt.asked:
        st.caption(f"Asked {_counted(hunt.asked + 1, 'time')}.")


def _show_guesses(hunt: Hunt) -> None:
    st.markdown("##### What is broken?")
    with st.container(horizontal=True, gap="small"):
        with messages.explained():
            for code in bug_symptoms_cache.detectable_bugs(hunt.model):
                _show_guess(BUG_OF[code], out=code in hunt.guesses)
        # Outside, so that a round can be left whose model is gone.
        st.button(
            "Give up",
            icon=":material/flag:",
            type="tertiary",
            on_click=_take,
            args=[Hunt.give_up],
            key="pipeline_hunt_give_up",
        )
    with messages.explained():
        for code in reversed(hunt.guesses):
            st.warning(f"**Not “{BUG_OF[code].title}”.** {_against(code, hunt)}", icon=":material/close:")


def _show_guess(bug: Bug, *, out: bool) -> None:
    st.button(
        f"~~{bug.title}~~" if out else bug.title,
        on_click=_guess,
        args=[bug.code],
        disabled=out,
        help=bug.story,
        key=f"pipeline_guess_{bug.code}",
    )


def _against(code: str, hunt: Hunt) -> str:
    guessed, seen = bug_symptoms_cache.symptoms(code, hunt.model), bug_symptoms_cache.symptoms(hunt.bug, hunt.model)
    return contradiction(guessed, seen)


def contradiction(guessed: "Symptoms", seen: "Symptoms") -> str:
    """In words: which sign speaks most clearly against the guess."""
    from mnist_core.code_bugs.symptoms import agreement, telling_sign

    (guessed_digit, guessed_share), (digit, share) = guessed.favorite, seen.favorite
    same = agreement(guessed, seen)
    return {
        "accuracy": f"{words.percent(guessed.accuracy)} of the 1,000 digits would be read right; "
        f"here it is {words.percent(seen.accuracy)}.",
        "confidence": f"The answers would be {words.percent(guessed.confidence)} sure on average; "
        f"here they are {words.percent(seen.confidence)} sure.",
        "when_wrong": f"The wrong answers would be {_percent(guessed.confidence_when_wrong)} sure; "
        f"here they are {_percent(seen.confidence_when_wrong)} sure.",
        "changing": f"{words.percent(guessed.changing)} of the answers would be unsteady; "
        f"here {words.percent(seen.changing)} are.",
        "favorite": f"The favourite answer would be {guessed_digit}, with {words.percent(guessed_share)}; "
        f"here it is {digit}, with {words.percent(share)}.",
        "answers": f"Of the 1,000 answers, {words.percent(same)} would be those that you see."
        if same < _NEARLY_ALL
        else "From outside the two look nearly alike; what goes into the network tells them apart.",
    }[telling_sign(guessed, seen)]


def _show_end(hunt: Hunt) -> None:
    bug = BUG_OF[hunt.bug]
    if hunt.found:
        tries = _counted(len(hunt.guesses), "guess", "guesses")
        won = f"**Found with {tries}: {bug.title}.** {_counted(hunt.points, 'point')}. {bug.story}"
        st.success(won, icon=":material/celebration:")
    else:
        st.info(f"**It was: {bug.title}.** {bug.story}", icon=":material/flag:")
    bug_view.show_code(bug)
    bug_view.show_advice(bug)


def _percent(share: float | None) -> str:
    return "–" if share is None else words.percent(share)


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
