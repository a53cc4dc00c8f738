import subprocess
import sys
from dataclasses import asdict, replace

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.claims import outcome as outcomes
from mnist_core.claims.catalog import CLAIMS
from mnist_core.claims.wording import answer, conclude
from mnist_core.errors import UserError
from mnist_core.training.events import ClaimTested, Failed, Started, Stopped, TrialDone
from mnist_core.ui import services
from mnist_core.ui.claims import claim_results, quick_test
from mnist_core.ui.common.messages import plain
from tests.claims.made_up import CLAIM, finding, outcome
from tests.ui.app import address, open_page, parts, run, texts
from tests.ui.engine import EngineWithoutWorkers

OTHER = replace(CLAIM, id="other", title="Other", statement="Dark rooms make models read worse.")


@pytest.fixture(autouse=True)
def claims(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two claims that nobody makes: one that holds and one that was not tested yet."""
    monkeypatch.setattr(claim_results, "CLAIMS", {CLAIM.id: CLAIM, OTHER.id: OTHER})
    monkeypatch.setattr(outcomes, "shipped", lambda claim_id: outcome() if claim_id == CLAIM.id else None)


def links(app: AppTest) -> dict[str, str]:
    """The links of the page: where each leads, by its words."""
    found = [element.proto for element in app.get("page_link")]
    return {link.label: f"{link.page}?{link.query_string}" for link in found}


def marks(app: AppTest) -> str:
    """The effects as they are drawn and told."""
    return "\n".join(element.proto.body for element in app.get("html"))


def test_all_claims_are_listed_with_verdict_effect_and_interval() -> None:
    app = open_page("claims")
    said = texts(app)
    assert "1 hold, 1 are not tested yet" in said
    assert plain(CLAIM.statement) in said
    assert "With light: test accuracy 5.0 points higher (4.7 to 5.3)" in marks(app)
    assert "Test accuracy: 5.0 points higher (4.7 to 5.3)" in marks(app)
    assert {"Made up", "Other"} <= set(links(app))


def test_each_primary_comparison_has_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    both = replace(CLAIM, primary=CLAIM.comparisons, secondary=())
    monkeypatch.setattr(claim_results, "CLAIMS", {both.id: both})
    monkeypatch.setattr(outcomes, "shipped", lambda _: replace(outcome(), fingerprint=both.fingerprint()))
    app = open_page("claims")
    assert "Holds: With light: test accuracy" in marks(app)
    assert "Does not hold: In the dark: test accuracy" in marks(app)
    assert "1 hold when …" in texts(app)


def test_claims_are_filtered_by_verdict_and_kind() -> None:
    app = open_page("claims")
    verdicts = next(one for one in app.get("button_group") if one.key == "causes_verdict")
    verdicts.set_value(["holds"])
    assert plain(OTHER.statement) not in texts(run(app))
    assert plain(CLAIM.statement) in texts(app)


def test_a_link_opens_a_claim() -> None:
    app = open_page("claims", claim=CLAIM.id)
    said = texts(app)
    assert f"### “{plain(CLAIM.statement)}”" in said
    assert plain(conclude(CLAIM, outcome())) in said
    assert plain(answer(CLAIM, outcome())) in said
    assert plain(CLAIM.setup) in said
    for words in asdict(CLAIM.protocol).values():
        assert words in said
    (trials,) = app.get("download_button")
    assert trials.proto.label.startswith("All trials")
    for fact in ("5 seeds (0 to 4)", "2026-11-25", "torch 2.9", "Two cores", "15 trials in 61 s"):
        assert plain(fact) in said
    assert len(app.get("plotly_chart")) == 1
    (saved,) = parts(app, "save_plot")
    assert saved["filename"] == "digit-clinic-made-up"
    table = app.dataframe[0].value
    assert list(table["what"]) == ["▸ With light: test accuracy", "In the dark: test accuracy"]
    assert address(app) == {"claim": CLAIM.id}


def test_a_claims_page_leads_to_its_arms_and_to_where_it_can_be_seen() -> None:
    found = links(open_page("claims", claim=CLAIM.id))
    assert "rotation_deg=10" in found["Train the treatment"]
    assert "epochs=2" in found["Train the control"]
    assert "Look at it on Draw" in found
    assert "claim=other" in found["Next"]
    assert "Previous" not in found


def test_an_arm_that_is_a_shipped_model_is_looked_at_and_not_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = replace(CLAIM, arms=(replace(CLAIM.arms[0], model="linear"), *CLAIM.arms[1:]))
    monkeypatch.setattr(claim_results, "CLAIMS", {claim.id: claim})
    monkeypatch.setattr(outcomes, "shipped", lambda _: None)
    found = links(open_page("claims", claim=CLAIM.id))
    assert "run=linear" in found["Look at the control"]


def test_arms_that_show_one_model_other_inputs_have_one_link(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = replace(
        CLAIM, arms=(CLAIM.arms[0], replace(CLAIM.arms[0], key="with", test_inputs="letters"), CLAIM.arms[2])
    )
    monkeypatch.setattr(claim_results, "CLAIMS", {claim.id: claim})
    monkeypatch.setattr(outcomes, "shipped", lambda _: None)
    found = links(open_page("claims", claim=CLAIM.id))
    assert "Train the model" in found
    assert "Train the control" not in found


@pytest.mark.parametrize("claim_id", ["nobody", "", "<b>x</b>", "x" * 5_000])
def test_a_link_to_no_claim_shows_all(claim_id: str) -> None:
    app = open_page("claims", claim=claim_id)
    assert plain(CLAIM.statement) in texts(app)
    assert len(app.warning) == (1 if claim_id else 0)


def test_a_damaged_result_is_said_and_the_page_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(_: str) -> None:
        raise UserError("result_damaged", "A claim's result cannot be read.", "Test it again.")

    monkeypatch.setattr(outcomes, "shipped", damaged)
    assert "cannot be read" in texts(open_page("claims"))
    app = open_page("claims", claim=CLAIM.id)
    assert len(app.error) == 1
    assert plain(CLAIM.setup) in texts(app)


@pytest.mark.parametrize("claim_id", CLAIMS)
def test_the_page_of_every_claim_opens(claim_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    app = open_page("claims", claim=claim_id)
    assert plain(CLAIMS[claim_id].statement) in texts(app)


# --- a quick test ---------------------------------------------------------------------------------------


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return run(app)


def newest() -> str:
    return services.store().newest_test_of(CLAIM).id


def tell(*events: object) -> None:
    for event in events:
        services.store().record(newest(), event)


def trials(count: int, gain: float = 0.04) -> list[TrialDone]:
    arms = (("without", 0.9), ("with", 0.9 + gain))
    return [
        TrialDone(
            place + 1, CLAIM.id, arms[place % 2][0], place // 2, {"test_accuracy": arms[place % 2][1] + place / 1e5}
        )
        for place in range(count)
    ]


STARTED = Started({}, 6, 10, "cpu")


def test_a_quick_test_is_begun_followed_and_compared(engine: EngineWithoutWorkers) -> None:
    app = press(open_page("claims", claim=CLAIM.id), "Test it now")
    assert engine.seeds == (0, 1, 2)
    assert "Test it now" not in [button.label for button in app.button]
    services.store().begin(newest())
    tell(STARTED, *trials(4))
    app = run(app)
    assert app.get("progress")[0].proto.text.startswith("4 of 6 trials done")
    assert "+4.0 points, 2 seeds" in str(app.table[0].value.to_dict())
    tell(*trials(6)[4:], ClaimTested(6, 12.0))
    app = run(app)
    shown = str(app.table[0].value.to_dict())
    assert "5.0 points higher" in shown
    assert "3 seeds" in shown
    assert "✓ Holds; the same direction" in shown
    assert "in 12 s" in texts(app)
    assert "Test it again" in [button.label for button in app.button]


def test_a_closed_tab_loses_nothing_and_its_owner_may_still_stop(engine: EngineWithoutWorkers) -> None:
    app = press(open_page("claims", visitor="me", claim=CLAIM.id), "Test it now")
    assert address(run(app)) == {"claim": CLAIM.id}
    services.store().begin(newest())
    tell(STARTED, *trials(2))
    again = open_page("claims", visitor="me", claim=CLAIM.id)
    assert again.get("progress")[0].proto.text.startswith("2 of 6 trials done")
    press(again, "Stop")
    token = services.store().run(newest()).owner_token
    assert engine.stopped == [(newest(), token)]
    other = open_page("claims", visitor="you", claim=CLAIM.id, owner=token)
    assert address(other) == {"claim": CLAIM.id}
    assert "Stop" not in [button.label for button in other.button]


def test_a_class_that_presses_at_once_watches_one_test(engine: EngineWithoutWorkers) -> None:
    first, second = (open_page("claims", claim=CLAIM.id) for _ in range(2))
    press(first, "Test it now")
    begun = newest()
    press(second, "Test it now")
    assert newest() == begun
    assert len(second.get("progress")) == 1
    assert "Stop" not in [button.label for button in second.button]


def test_what_a_stopped_test_has_done_is_kept(engine: EngineWithoutWorkers) -> None:
    press(open_page("claims", claim=CLAIM.id), "Test it now")
    tell(STARTED, *trials(4), Stopped(4, 5.0))
    app = open_page("claims", claim=CLAIM.id)
    assert "What was done until then is kept: 4 trials" in texts(app)
    assert len(app.table) == 1


def test_a_failed_test_says_why(engine: EngineWithoutWorkers) -> None:
    press(open_page("claims", claim=CLAIM.id), "Test it now")
    tell(STARTED, Failed("worker_lost", "The process ended unexpectedly.", "Start it again."))
    app = open_page("claims", claim=CLAIM.id)
    assert "ended unexpectedly" in app.error[0].value


def test_a_refused_test_is_said_once(engine: EngineWithoutWorkers) -> None:
    engine.refusal = UserError("queue_full", "20 runs are waiting already.", "Try again later.")
    app = press(open_page("claims", claim=CLAIM.id), "Test it now")
    assert "20 runs are waiting already" in app.error[0].value
    assert not run(app).error


@pytest.mark.parametrize(
    ("shipped", "here", "said"),
    [(0.05, 0.01, "the same direction"), (0.05, -0.01, "not the same"), (0.0, 0.01, "points neither way")],
)
def test_agreement_is_one_of_sign(shipped: float, here: float, said: str) -> None:
    known, found = (finding(CLAIM.primary[0], outcome(gain, seeds=3)).effect for gain in (shipped, here))
    assert said in quick_test.agreement(known, found)
    none = finding(CLAIM.primary[0], outcome(seeds=0)).effect
    assert "nothing to compare" in quick_test.agreement(known, none)


def test_what_the_page_imports_is_light() -> None:
    """It paints from small files: neither torch nor scipy nor the engine may hold it up."""
    code = (
        "import sys; from mnist_core.ui.claims import claim_page, overview; "
        "print([name for name in ('torch', 'scipy', 'sqlalchemy', 'distributed') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert found.strip() == "[]"
