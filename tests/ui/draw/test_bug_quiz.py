from mnist_core.ui.draw.bug_quiz import Hunt, Score

HUNT = Hunt("softmax_twice", "default")


def test_the_first_guess_brings_all_points_and_each_wrong_one_costs_one() -> None:
    assert HUNT.guess("softmax_twice").points == 5
    assert HUNT.guess("transposed").guess("inverted_twice").guess("softmax_twice").points == 3


def test_the_hint_costs_a_point_and_finding_brings_one_at_least() -> None:
    assert HUNT.look().look().guess("softmax_twice").points == 4
    hunt = HUNT
    for code in ("a", "b", "c", "d", "e", "f", "softmax_twice"):
        hunt = hunt.guess(code)
    assert hunt.found
    assert hunt.points == 1


def test_giving_up_brings_nothing_and_ends_the_round() -> None:
    hunt = HUNT.guess("transposed").give_up()
    assert (hunt.over, hunt.found, hunt.points) == (True, False, 0)
    assert hunt.guess("softmax_twice") == hunt


def test_a_round_that_is_over_stays_as_it_is() -> None:
    hunt = HUNT.guess("softmax_twice")
    assert hunt.over
    assert hunt.give_up() == hunt == hunt.look() == hunt.guess("transposed")


def test_the_same_guess_twice_counts_once() -> None:
    assert HUNT.guess("transposed").guess("transposed") == HUNT.guess("transposed")


def test_the_score_adds_up_over_rounds() -> None:
    score = Score().after(HUNT.guess("softmax_twice")).after(HUNT.guess("transposed").give_up())
    assert score == Score(rounds=2, found=1, guesses=2, points=5)
