from mnist_core.ui.claims import comparisons
from tests.claims.made_up import CLAIM, outcome


def test_a_row_says_effect_interval_pairs_and_verdict() -> None:
    decides, beside = (comparisons.row(CLAIM, found) for found in outcome().findings(CLAIM))
    assert (decides["what"], decides["effect"], decides["n"]) == ("▸ With light: test accuracy", "+5.0 points", 5)
    assert decides["interval"] == "+4.7 to +5.3 points"
    assert decides["verdict"] == "✓ Holds"
    assert decides["claimed"] == "higher, by 0.50 points"
    assert (decides["control"], decides["treatment"]) == ("Without light", "With light")
    assert (beside["verdict"], beside["what"]) == ("✗ Does not hold", "In the dark: test accuracy")


def test_what_was_not_measured_has_no_numbers() -> None:
    row = comparisons.row(CLAIM, outcome(seeds=0).findings(CLAIM)[0])
    assert (row["effect"], row["interval"], row["n"], row["verdict"]) == ("", "", 0, "? Undecided")


def test_every_metric_is_explained_once() -> None:
    assert comparisons.metrics_text(CLAIM).count("**Test accuracy**") == 1
