import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.ui.components.sensitivity_slider import legend_of
from tests.patience import PATIENCE_S
from tests.ui.app import parts, run, texts


def page(label: int | None = None, raw: bool = True, blank: bool = False) -> None:
    import numpy as np

    from mnist_core.data.mnist_files import load_mnist
    from mnist_core.diagnosis.prediction import predict
    from mnist_core.preprocessing.pipeline import preprocess
    from mnist_core.preprocessing.steps import MNIST_STEPS, RAW
    from mnist_core.ui import services
    from mnist_core.ui.draw.current_digit import CurrentDigit
    from mnist_core.ui.draw.panels import sensitivity

    picture = np.pad(load_mnist().test_images[0].numpy().repeat(4, 0).repeat(4, 1), 20) * (0 if blank else 1)
    steps = RAW if raw else MNIST_STEPS
    digit = preprocess(picture, steps)
    reading = predict(services.model("default").model, digit)
    sensitivity.show(CurrentDigit(digit, reading, "default", label))


def opened(**options: object) -> AppTest:
    return run(AppTest.from_function(page, default_timeout=PATIENCE_S, kwargs=options))


def chart(app: AppTest) -> dict[str, Any]:
    """The curves, as ECharts gets them."""
    (element,) = app.get("echarts_chart")
    spec: dict[str, Any] = json.loads(element.proto.spec)
    return spec


def choose(app: AppTest, kind: str) -> dict:
    app.segmented_control(key="stress_kind").set_value(kind)
    (shown,) = parts(run(app), "sensitivity_slider")
    return shown


def test_the_slider_has_a_picture_an_answer_and_ten_probabilities_at_each_place() -> None:
    app = opened(label=2)
    (shown,) = parts(app, "sensitivity_slider")
    lines = {one["name"]: one for one in chart(app)["series"] if one["data"]}
    assert sorted(lines) == list("0123456789")
    for place in (0, 30, 60):
        values = [line["data"][place] for line in lines.values()]
        assert sum(values) == pytest.approx(100, abs=0.2)
        assert max(values) == pytest.approx(shown["highest"][place] * 100, abs=0.01)
    count = len(shown["amounts"])
    assert count == len(shown["answers"]) == len(shown["highest"]) == 61
    assert shown["amounts"][shown["middle"]] == "as drawn"
    assert shown["answers"][shown["middle"]].startswith("Looks like a 7")
    assert lines["7"]["lineStyle"]["width"] == max(line["lineStyle"]["width"] for line in lines.values())
    assert [name for name, line in lines.items() if line["lineStyle"].get("type") == "dashed"] == ["2"]


def test_a_break_is_told_in_words_and_leads_to_the_first_other_answer() -> None:
    app = opened()
    (shown,) = parts(app, "sensitivity_slider")
    assert shown["marks"]
    for mark, line in zip(shown["marks"], chart(app)["series"][-1]["markLine"]["data"], strict=True):
        assert abs(line["xAxis"] - mark["goal"]) < 1
    for mark in shown["marks"]:
        assert mark["words"].startswith("Breaks at ")
        assert mark["words"][1:] in texts(app)
        assert not shown["answers"][mark["goal"]].startswith("Looks like a 7")


def test_another_kind_is_another_curve() -> None:
    app = opened()
    (before,) = parts(app, "sensitivity_slider")
    after = choose(app, "shift_right")
    assert after["version"] != before["version"]
    assert after["amounts"][0] == "10.0 px to the left"
    assert after["legend"].endswith("is cut off.")
    areas = chart(app)["series"][-1]["markArea"]["data"]
    assert areas[0][0]["xAxis"] == 0
    assert areas[-1][1]["xAxis"] == len(after["amounts"]) - 1
    assert 0 < len(areas) < len(after["amounts"])


@pytest.mark.parametrize(("raw", "away"), [(False, True), (True, False)])
def test_it_is_told_when_the_preparation_takes_the_change_out(raw: bool, away: bool) -> None:
    app = opened(raw=raw)
    choose(app, "scale")
    assert ("The preprocessing undoes it" in texts(app)) == away


def test_a_second_look_computes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened()
    monkeypatch.setattr("mnist_core.diagnosis.sensitivity.sensitivity_curves", lambda *_: pytest.fail("computed again"))
    run(app)


def test_a_blank_has_nothing_to_change() -> None:
    app = opened(blank=True)
    assert not parts(app, "sensitivity_slider")
    assert "no ink" in texts(app)


def test_the_legend_names_only_the_lines_that_are_there() -> None:
    assert legend_of(7, None) == "Thick: 7, the model's answer. Dotted: digits that win somewhere. Thin: the rest."
    assert "Dashed: 2, which was meant" in legend_of(7, 2)
    assert "Dashed" not in legend_of(7, 7)
    assert "Thick" not in legend_of(-1, 2)
