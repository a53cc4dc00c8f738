from mnist_core.ui.draw.bug_quiz import QuizRound

ROUND = QuizRound("softmax_twice", "default")


def test_the_first_guess_brings_all_points_and_each_wrong_one_costs_one() -> None:
    assert ROUND.guess("softmax_twice").points == 5
    assert ROUND.guess("transposed").guess("inverted_twice").guess("softmax_twice").points == 3


def test_the_hint_costs_a_point_and_finding_brings_one_at_least() -> None:
    assert ROUND.look().look().guess("softmax_twice").points == 4
    quiz = ROUND
    for code in ("a", "b", "c", "d", "e", "f", "softmax_twice"):
        quiz = quiz.guess(code)
    assert quiz.found
    assert quiz.points == 1


def test_giving_up_brings_nothing_and_ends_the_round() -> None:
    quiz = ROUND.guess("transposed").give_up()
    assert (quiz.over, quiz.found, quiz.points) == (True, False, 0)
    assert quiz.guess("softmax_twice") == quiz


def test_a_round_that_is_over_stays_as_it_is() -> None:
    quiz = ROUND.guess("softmax_twice")
    assert quiz.over
    assert quiz.give_up() == quiz == quiz.look() == quiz.guess("transposed")


def test_the_same_guess_twice_counts_once() -> None:
    assert ROUND.guess("transposed").guess("transposed") == ROUND.guess("transposed")
