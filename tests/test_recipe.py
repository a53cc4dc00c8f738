import dataclasses
import json
import math
from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.errors import UserError
from mnist_core.fields import Field, Value, indexes_in
from mnist_core.recipe import FIELDS, GROUPS, SECTIONS, Recipe


def as_text(indexes: Iterable[int]) -> str:
    return ",".join(str(index) for index in sorted(indexes))


def values_of(field: Field) -> st.SearchStrategy[Value]:
    """Every value a field takes."""
    if field.kind == "switch":
        return st.booleans()
    if field.kind == "choice":
        return st.sampled_from(list(field.choices))
    if field.kind == "indexes":
        return st.sets(st.integers(int(field.low), int(field.high)), max_size=field.most).map(as_text)
    if field.kind == "whole":
        return st.integers(int(field.low), int(field.high))
    return st.floats(field.low, field.high)


recipes = st.builds(Recipe, **{name: values_of(field) for name, field in FIELDS.items()})
texts = st.one_of(st.text(), st.floats().map(str), st.integers().map(str), st.sampled_from(["1e400", "nan", "true"]))


@given(recipes)
def test_every_recipe_survives_each_way_of_writing_it(recipe: Recipe) -> None:
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert Recipe.from_query(recipe.to_query()) == (recipe, ())
    assert Recipe.from_text(f"{name}={FIELDS[name].write(value)}" for name, value in recipe.as_dict().items()) == recipe


@given(st.dictionaries(st.one_of(st.sampled_from(list(FIELDS)), st.text()), st.one_of(texts, st.lists(texts))))
def test_any_query_gives_a_valid_recipe(query: dict[str, str | list[str]]) -> None:
    recipe, notices = Recipe.from_query(query)
    for name, field in FIELDS.items():
        value = getattr(recipe, name)
        if field.kind in ("whole", "real"):
            assert math.isfinite(value)
            assert field.low <= value <= field.high
        if field.kind == "indexes":
            assert all(field.low <= index <= field.high for index in indexes_in(value))
    unknown = [key for key in query if key not in FIELDS]
    assert sum(notice.startswith("Ignored") for notice in notices) == bool(unknown)


@pytest.mark.parametrize("text", ["nan", "inf", "-1", "1e400", "", "ten", "0x10", "99999"])
def test_a_bad_value_in_a_link_leaves_the_default_and_a_notice(text: str) -> None:
    recipe, notices = Recipe.from_query({"learning_rate": text})
    assert recipe == Recipe()
    assert len(notices) == 1
    assert "Learning rate" in notices[0]


def test_of_a_repeated_key_the_last_counts() -> None:
    recipe, notices = Recipe.from_query({"epochs": ["2", "3"]})
    assert recipe.epochs == 3
    assert len(notices) == 1


def test_all_unknown_keys_are_said_in_one_line() -> None:
    _, notices = Recipe.from_query({f"key{number}": ["1", "2"] for number in range(200)} | {"<b>" + "x" * 5000: "1"})
    assert notices == ("Ignored, because there are no such settings: “key0”, “key1”, “key2” and 198 more.",)
    assert Recipe.from_query({"dept": "5"})[1] == ("Ignored, because there are no such settings: “dept”.",)


def test_defaults_stay_out_of_the_query() -> None:
    assert Recipe().to_query() == {}
    assert Recipe(batch_norm=False, learning_rate=0.5).to_query() == {"batch_norm": "false", "learning_rate": "0.5"}


@pytest.mark.parametrize(
    "bad",
    [
        {"epochs": 0},
        {"epochs": 1.5},
        {"epochs": True},
        {"model": "resnet"},
        {"zoom": math.nan},
        {"seed": None},
        {"left_out": None},
        {"left_out": True},
        {"left_out": 1.0},
        {"left_out": "1,,2"},
        {"left_out": "-1"},
        {"left_out": "60000"},
        {"left_out": "1_0"},
        {"left_out": "٣"},
        {"left_out": "9" * 5000},
        {"left_out": [[1]]},
        {"left_out": list(range(501))},
    ],
)
def test_a_recipe_out_of_bounds_cannot_be_made(bad: dict[str, Value]) -> None:
    with pytest.raises(UserError) as error:
        Recipe(**bad)
    assert error.value.code == "recipe_invalid"


@pytest.mark.parametrize("text", ["", "[]", "3", "{", '{"epochs": 1' * 9, "[" * 100_000, b"\xff\xfe", " " * 2_000_000])
def test_what_is_no_json_object_is_refused(text: str | bytes) -> None:
    with pytest.raises(UserError) as error:
        Recipe.from_json(text)
    assert error.value.code == "recipe_unreadable"


@pytest.mark.parametrize("words", [["epochs"], ["=3"], ["epoch=3"], ["epochs=three"], ["__class__=1"]])
def test_words_that_are_no_assignment_are_refused(words: list[str]) -> None:
    with pytest.raises(UserError) as error:
        Recipe.from_text(words)
    assert error.value.code == "recipe_invalid"


@given(st.lists(st.integers(0, 59_999), max_size=500), st.randoms(use_true_random=False))
def test_images_left_out_are_the_same_in_any_order_and_writing(indexes: list[int], dice: Random) -> None:
    again = dice.sample(indexes, len(indexes)) + indexes[:3]
    for written in (again, tuple(again), " , ".join(map(str, again))):
        assert Recipe(left_out=written) == Recipe(left_out=as_text(set(indexes)))
    assert Recipe.from_json(json.dumps({"left_out": again})).left_out == as_text(set(indexes))
    assert indexes_in(Recipe(left_out=again).left_out) == tuple(sorted(set(indexes)))


def test_a_notice_about_a_setting_that_is_usually_empty_says_none() -> None:
    _, (notice,) = Recipe.from_query({"left_out": "1,x"})
    assert notice.endswith("none is used.")


def test_every_field_explains_itself_and_its_default_is_allowed() -> None:
    assert list(FIELDS) == [field.name for field in dataclasses.fields(Recipe)]
    for field in FIELDS.values():
        assert field.group in GROUPS
        assert field.section in SECTIONS
        assert field.label
        assert field.help.endswith(".")
        assert field.expect.endswith(".")
        assert field.read(field.default) == field.default


def test_a_recipe_is_hashable_and_keeps_its_order_in_json() -> None:
    assert len({Recipe(), Recipe(epochs=1), Recipe(epochs=2)}) == 2
    assert list(json.loads(Recipe().to_json())) == list(FIELDS)
