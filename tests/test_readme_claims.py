import pytest

from tests.readme_claims import BEGIN, END, README, text_with


def test_readmes_table_of_causes_is_what_the_results_say() -> None:
    readme = README.read_text("utf-8")
    assert text_with(readme) == readme, "python -m tests.readme_claims draws it anew"


def test_only_what_stands_between_the_marks_is_drawn() -> None:
    drawn = text_with(f"before {BEGIN} typed {END} after")
    assert drawn.startswith(f"before {BEGIN}\n")
    assert drawn.endswith(f"{END} after")
    assert "typed" not in drawn


def test_a_readme_without_marks_is_said() -> None:
    with pytest.raises(ValueError, match="marks"):
        text_with("nothing here")
