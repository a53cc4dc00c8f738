from mnist_core.preprocessing.steps import MNIST_STEPS, RAW, STEP_NAMES, STEPS


def test_steps_have_their_names_and_order() -> None:
    assert [step.name for step in STEPS] == [
        "polarity",
        "contrast",
        "crop",
        "deslant",
        "stroke_width",
        "keep_aspect",
        "fit_20x20",
        "antialias",
        "center",
        "normalize",
    ]
    assert frozenset(STEP_NAMES) - MNIST_STEPS == {"deslant", "stroke_width"}
    assert frozenset({"normalize"}) == RAW


def test_every_step_says_what_it_does_and_what_goes_wrong_without_it() -> None:
    for step in STEPS:
        assert step.title
        assert step.help.endswith(".")
        assert step.without.endswith(".")
