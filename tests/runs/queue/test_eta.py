from mnist_core.runs.queue.eta import Pace


def test_pauses_do_not_count():
    pace = Pace()
    pace.go_on(0, now_s=0)
    pace.hear_step(10, now_s=10)
    pace.pause()
    assert pace.remaining_s(30, now_s=500) == 20
    pace.go_on(10, now_s=1_000)
    assert pace.remaining_s(30, now_s=1_005) == 15
    pace.hear_step(20, now_s=1_010)
    assert pace.remaining_s(30, now_s=1_010) == 10


def test_single_steps_do_not_slow_the_forecast():
    pace = Pace()
    for step in range(5):
        pace.go_on(step, now_s=100 * step)
        pace.hear_step(step + 1, now_s=100 * step + 2)
        pace.pause()
    assert pace.remaining_s(15, now_s=10_000) == 20


def test_slow_motion_counts_only_while_it_lasts():
    pace = Pace()
    pace.go_on(0, now_s=0)
    pace.hear_step(100, now_s=1)
    pace.limit(2.0)
    for step in range(101, 111):
        pace.hear_step(step, now_s=1 + (step - 100) / 2)
    assert pace.remaining_s(1_000, now_s=6) == 445  # 890 steps, two a second
    pace.limit(0.0)
    assert pace.remaining_s(1_000, now_s=6) == 8.9
    pace.hear_step(111, now_s=6.5)  # was still waited for
    pace.hear_step(211, now_s=7.5)
    assert round(pace.remaining_s(1_000, now_s=7.5), 9) == 7.89


def test_a_limit_that_is_never_reached_changes_nothing():
    pace = Pace()
    pace.go_on(0, now_s=0)
    pace.hear_step(10, now_s=10)
    pace.limit(1_000.0)
    assert pace.remaining_s(20, now_s=10) == 10


def test_what_was_slow_from_the_start_is_forecast_by_its_limit_and_then_not_at_all():
    pace = Pace()
    pace.limit(4.0)
    pace.go_on(0, now_s=0)
    assert pace.remaining_s(8, now_s=0) == 2
    pace.hear_step(1, now_s=0.25)
    pace.limit(0.0)
    assert pace.remaining_s(8, now_s=0.3) is None
    pace.hear_step(2, now_s=0.5)
    pace.hear_step(3, now_s=0.75)
    assert pace.remaining_s(8, now_s=0.75) == 1.25


def test_a_run_that_goes_on_counts_its_own_steps():
    pace = Pace()
    pace.go_on(400, now_s=0)
    pace.hear_step(410, now_s=5)
    assert pace.remaining_s(800, now_s=5) == 195
