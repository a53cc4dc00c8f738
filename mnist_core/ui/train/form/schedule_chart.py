"""The learning rate over the epochs, drawn before anything is trained."""

from functools import lru_cache
from typing import Any

import streamlit as st

from mnist_core.recipe import Recipe
from mnist_core.ui.common.section import section

_POINTS = 120
_HEIGHT_PX = 150
_PLATEAU = "It stays there while the validation loss falls; after two epochs without improvement it is divided by ten."


@section("The schedule")
def show(recipe: Recipe) -> None:
    """The recipe's schedule as a small chart; nothing for a support vector machine, which has none."""
    if recipe.model == "svm":
        return
    st.caption("The learning rate over the epochs")
    st.echarts_chart(spec_of(recipe), height=_HEIGHT_PX, key="schedule_chart", alt=words_of(recipe))
    if recipe.schedule == "plateau":
        st.caption(_PLATEAU)


def spec_of(recipe: Recipe) -> dict[str, Any]:
    """The chart as an ECharts option object."""
    return {
        "animation": False,
        "grid": {"left": 8, "right": 20, "top": 10, "bottom": 24, "containLabel": True},
        "tooltip": {"trigger": "axis", "valueFormatter": "%.2g"},
        "xAxis": {
            "type": "value",
            "min": 0,
            "max": recipe.epochs_used,
            "name": "epochs",
            "nameLocation": "middle",
            "nameGap": 24,
            "splitLine": {"show": False},
            "minInterval": 1 if recipe.epochs_used > 3 else 0,
        },
        "yAxis": {"type": "value", "min": 0, "splitNumber": 3},
        "series": [{"name": "Learning rate", "type": "line", "showSymbol": False, "data": _points(recipe)}],
    }


def words_of(recipe: Recipe) -> str:
    """The chart in a sentence, for those who do not see it."""
    rates = [rate for _, rate in _points(recipe)]
    first, highest, last = (f"{rate:.2g}" for rate in (rates[0], max(rates), rates[-1]))
    return f"Learning rate by epoch: it begins at {first}, is at most {highest}, and ends at {last}."


@lru_cache(maxsize=64)
def _points(recipe: Recipe) -> list[tuple[float, float]]:
    from mnist_core.training.optimizers import learning_rate_at

    shares = [place / _POINTS for place in range(_POINTS)]
    rates = [(share, learning_rate_at(recipe, share)) for share in (*shares, 1 - 1e-9)]
    return [(round(share * recipe.epochs_used, 4), float(f"{rate:.4g}")) for share, rate in rates]
