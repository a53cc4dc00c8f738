"""The bug quiz on the page: symptoms of a hidden bug, guesses, and what speaks against them."""

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.code_bugs.catalog import BUG_OF
from mnist_core.ui import services
from mnist_core.ui.common import messages, words
from mnist_core.ui.common.pictures import data_url
from mnist_core.ui.components.answer import answer
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.components.matrix import matrix
from mnist_core.ui.draw import bug_view
from mnist_core.ui.draw.bug_quiz import MOST_POINTS, QuizRound
from mnist_core.ui.draw.bug_view import percent_or_dash, symptoms
from mnist_core.ui.draw.current_digit import CurrentDigit

if TYPE_CHECKING:
    from mnist_core.code_bugs.symptoms import Symptoms

_NEARLY_ALL = 0.9
_FEWEST = 2  # bugs to hide: to guess among one is no game
_ROUND, _FINISHED = "pipeline_hunt", "pipeline_finished"  # the round that is played, and those that are over


def show(subject: CurrentDigit) -> None:
    """Play: the digit of the page is one of the clues, and drawing another one is allowed."""
    quiz: QuizRound | None = st.session_state.get(_ROUND)
    if quiz is None:
        with messages.explained():
            st.markdown(
                "One bug is hidden in the code around the model. You see what the model predicts and guess which bug "
                f"it is. Each round is worth {MOST_POINTS} points; a wrong guess costs one."
            )
            _show_begin("Hide a bug", subject)
        return
    _show_score(quiz, subject)
    with messages.explained():
        _show_clues(quiz, subject)
    if not quiz.over:
        _show_guesses(quiz)
        return
    bug = BUG_OF[quiz.bug]
    if quiz.found:
        tries = _guesses(len(quiz.guesses))
        won = f"**Found with {tries}: {bug.title}.** {words.counted(quiz.points, 'points')}. {bug.story}"
        st.success(won, icon=":material/celebration:")
    else:
        st.info(f"**It was: {bug.title}.** {bug.story}", icon=":material/flag:")
    bug_view.show_bug(bug)
    with messages.explained():
        _show_begin("Hide another bug", subject, last=quiz.bug)


@services.kept_by_model(100, "Breaking the code …")
def _detectable_bugs(name: str) -> tuple[str, ...]:
    """The codes of the bugs that show with the model of that name.

    Raises:
        UserError: As `services.model`, or when MNIST cannot be loaded.
    """
    from mnist_core.code_bugs.symptoms import one_per_class, sample, showing

    images, labels = sample()
    return showing(services.model(name).model, images[one_per_class(labels)])


def _show_begin(label: str, subject: CurrentDigit, last: str | None = None) -> None:
    showing = _detectable_bugs(subject.model)
    if len(showing) < _FEWEST:
        st.info("This model predicts nearly the same for everything, so no bug would show. Choose another model.")
        return
    hidden = [code for code in showing if code != last]
    st.button(
        label,
        icon=":material/casino:",
        type="primary",
        on_click=lambda: st.session_state.update({_ROUND: QuizRound(random.choice(hidden), subject.model)}),
        key="pipeline_hunt_begin",
    )


def _take(change: Callable[[QuizRound], QuizRound]) -> None:
    """Bring the round forward, and count it once when that ends it: for callbacks."""
    before: QuizRound = st.session_state[_ROUND]
    after = st.session_state[_ROUND] = change(before)
    if after.over and not before.over:
        st.session_state[_FINISHED] = [*st.session_state.get(_FINISHED, []), after]


def _show_score(quiz: QuizRound, subject: CurrentDigit) -> None:
    finished: list[QuizRound] = st.session_state.get(_FINISHED, [])
    parts = [f"**Round {len(finished) + (not quiz.over)}**"]
    parts += [] if quiz.over else [f"worth {words.counted(quiz.points, 'points')} now"]
    if finished:
        found, points = sum(one.found for one in finished), sum(one.points for one in finished)
        guesses = _guesses(sum(len(one.guesses) for one in finished))
        parts.append(f"found {found} of {len(finished)} with {guesses}")
        parts.append(f"**{points} of {MOST_POINTS * len(finished)} points**")
    st.markdown(" · ".join(parts))
    if quiz.model != subject.model:
        st.caption("This round uses the model it began with; the next round uses the one chosen above.")


def _show_clues(quiz: QuizRound, subject: CurrentDigit) -> None:
    left, right = st.columns([0.4, 0.6], gap="large")
    with left:
        st.markdown("##### Your digit")
        probabilities = bug_view.answer_with(quiz.bug, subject, quiz.model, quiz.asked)
        answer(words.answer_of_probabilities(probabilities), key="pipeline_hunt_answer")
    with right:
        st.markdown("##### Ten MNIST digits")
        strip(_ten_answers(quiz), "Ten digits and their answers", "pipeline_hunt_ten", small=True)
        _show_tools(quiz)
        if quiz.looked:
            bug_view.show_model_input(quiz.bug, subject, "pipeline_hunt_handed")
    st.markdown("##### 1,000 MNIST digits")
    seen = symptoms(quiz.model, quiz.bug)
    bug_view.show_signs(seen, symptoms(quiz.model, None))
    with st.expander("Confusion matrix", icon=":material/grid_on:", key="pipeline_hunt_confusion"):
        shown = seen.evaluation.confusion
        matrix(shown, shows="rows", selected=None, on_pick=lambda _: None, key="pipeline_hunt_matrix")


def _ten_answers(quiz: QuizRound) -> list[Picture]:
    """Ten validation digits, 0 to 9, with what the broken code answers when each is asked alone."""
    from mnist_core.code_bugs.simulation import predict_with
    from mnist_core.code_bugs.symptoms import one_per_class, sample

    images, labels = sample()
    chosen = one_per_class(labels)
    pictures = []
    for at, row in zip(
        chosen, predict_with(quiz.bug, services.model(quiz.model).model, images[chosen], seed=quiz.asked), strict=True
    ):
        label, answer, confidence = int(labels[at]), int(row.argmax()), words.percent(float(row.max()), 0)
        title = f"{'✓' if answer == label else '✗'} {answer}"
        spoken = f"A {label}, read as {answer} ({confidence})"
        pictures.append(Picture(data_url(images[at].numpy()), spoken, title, confidence, pixels=True))
    return pictures


def _show_tools(quiz: QuizRound) -> None:
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Ask all again",
            icon=":material/refresh:",
            on_click=_take,
            args=[QuizRound.ask_again],
            help="The same digits once more, through the same code.",
            key="pipeline_hunt_again",
        )
        if not quiz.looked and not quiz.over:
            st.button(
                "Show the model input (−1 point)",
                icon=":material/visibility:",
                on_click=_take,
                args=[QuizRound.look],
                help="Your digit as the broken code hands it to the model, with its smallest and largest number.",
                key="pipeline_hunt_look",
            )
    if quiz.asked:
        st.caption(f"Asked {words.counted(quiz.asked + 1, 'times')}.")


def _show_guesses(quiz: QuizRound) -> None:
    st.markdown("##### Which bug is it?")
    with st.container(horizontal=True, gap="small"):
        with messages.explained():
            for code in _detectable_bugs(quiz.model):
                bug, is_out = BUG_OF[code], code in quiz.guesses
                st.button(
                    f"~~{bug.title}~~" if is_out else bug.title,
                    on_click=_take,
                    args=[lambda now, code=code: now.guess(code)],
                    disabled=is_out,
                    help=bug.story,
                    key=f"pipeline_guess_{code}",
                )
        # Outside, so that a round can be left whose model is gone.
        st.button(
            "Give up",
            icon=":material/flag:",
            type="tertiary",
            on_click=_take,
            args=[QuizRound.give_up],
            key="pipeline_hunt_give_up",
        )
    with messages.explained():
        seen = symptoms(quiz.model, quiz.bug)
        for code in reversed(quiz.guesses):
            against = contradiction(symptoms(quiz.model, code), seen)
            st.warning(f"**Not “{BUG_OF[code].title}”.** {against}", icon=":material/close:")


def contradiction(guessed: "Symptoms", seen: "Symptoms") -> str:
    """In words: which symptom speaks most clearly against the guess."""
    from mnist_core.code_bugs.symptoms import agreement, telling_sign

    shares = {
        "accuracy": ("The accuracy", guessed.accuracy, seen.accuracy),
        "confidence": ("The mean confidence", guessed.confidence, seen.confidence),
        "when_wrong": (
            "The mean confidence of wrong answers", guessed.confidence_when_wrong, seen.confidence_when_wrong
        ),
    }  # fmt: skip
    sign, same = telling_sign(guessed, seen), agreement(guessed, seen)
    if sign in shares:
        what, expected, measured = shares[sign]
        return f"{what} would be {percent_or_dash(expected)}; here it is {percent_or_dash(measured)}."
    if sign == "changing":
        unstable, here = words.percent(guessed.changing), words.percent(seen.changing)
        return f"{unstable} of the answers would be unstable; here {here} are."
    if sign == "favorite":
        expected_most, most = (
            f"{digit}, with {words.percent(share)}" for digit, share in (guessed.favorite, seen.favorite)
        )
        return f"The most frequent answer would be {expected_most}; here it is {most}."
    if same < _NEARLY_ALL:
        return f"Of the 1,000 answers, {words.percent(same)} would be the ones you see."
    return "From outside the two look nearly alike; the model input tells them apart."


def _guesses(count: int) -> str:
    return "1 guess" if count == 1 else f"{count} guesses"
