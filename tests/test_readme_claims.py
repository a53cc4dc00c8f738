import pytest

from tests.readme_claims import BEGIN, DOCUMENT, END, text_with


def test_the_table_of_claims_is_what_the_results_say() -> None:
    document = DOCUMENT.read_text("utf-8")
    assert text_with(document) == document, "python -m tests.readme_claims draws it anew"


def test_only_what_stands_between_the_marks_is_drawn() -> None:
    drawn = text_with(f"before {BEGIN} typed {END} after")
    assert drawn.startswith(f"before {BEGIN}\n")
    assert drawn.endswith(f"{END} after")
    assert "typed" not in drawn


def test_a_document_without_marks_is_an_error() -> None:
    with pytest.raises(ValueError, match="marks"):
        text_with("nothing here")
