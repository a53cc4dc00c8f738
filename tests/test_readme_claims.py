import pytest

from mnist_core.claims.catalog import CLAIMS
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


def test_every_claim_has_a_section_with_its_protocol() -> None:
    document = DOCUMENT.read_text("utf-8")
    for claim in CLAIMS.values():
        assert f"### {claim.title}\n\n“{claim.statement}” **" in document
        assert f"- Source: {claim.protocol.source}\n" in document


def test_the_readme_knows_how_many_there_are() -> None:
    assert f"{len(CLAIMS)} popular explanations" in (DOCUMENT.parents[1] / "README.md").read_text("utf-8")
