"""The short form of `python -m tests.faults.fuzz`."""

import pytest

from tests.faults.fuzz import DOORS, fuzz


@pytest.mark.parametrize("name", DOORS)
def test_damaged_inputs_give_a_value_or_a_user_error(name: str) -> None:
    found = fuzz(name, DOORS[name].count // 50)
    assert found.uncaught == {}
    assert found.said["read"]
    assert len(found.said) > 1 or name == "addresses"  # of which none is refused
