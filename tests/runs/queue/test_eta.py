from mnist_core.runs.queue.eta import Eta


def test_pauses_do_not_count():
    eta = Eta()
    eta.go_on(0, now_s=0)
    eta.update(10, now_s=10)
    eta.pause()
    assert eta.remaining_s(30, now_s=500) == 20
    eta.go_on(10, now_s=1_000)
    assert eta.remaining_s(30, now_s=1_005) == 15
    eta.update(20, now_s=1_010)
    assert eta.remaining_s(30, now_s=1_010) == 10


def test_single_steps_do_not_slow_the_forecast():
    eta = Eta()
    for step in range(5):
        eta.go_on(step, now_s=100 * step)
        eta.update(step + 1, now_s=100 * step + 2)
        eta.pause()
    assert eta.remaining_s(15, now_s=10_000) == 20


def test_slow_motion_counts_only_while_it_lasts():
    eta = Eta()
    eta.go_on(0, now_s=0)
    eta.update(100, now_s=1)
    eta.limit(2.0)
    for step in range(101, 111):
        eta.update(step, now_s=1 + (step - 100) / 2)
    assert eta.remaining_s(1_000, now_s=6) == 445  # 890 steps, two a second
    eta.limit(0.0)
    assert eta.remaining_s(1_000, now_s=6) == 8.9
    eta.update(111, now_s=6.5)  # was still waited for
    eta.update(211, now_s=7.5)
    assert round(eta.remaining_s(1_000, now_s=7.5), 9) == 7.89


def test_a_limit_that_is_never_reached_changes_nothing():
    eta = Eta()
    eta.go_on(0, now_s=0)
    eta.update(10, now_s=10)
    eta.limit(1_000.0)
    assert eta.remaining_s(20, now_s=10) == 10


def test_what_was_slow_from_the_start_is_forecast_by_its_limit_and_then_not_at_all():
    eta = Eta()
    eta.limit(4.0)
    eta.go_on(0, now_s=0)
    assert eta.remaining_s(8, now_s=0) == 2
    eta.update(1, now_s=0.25)
    eta.limit(0.0)
    assert eta.remaining_s(8, now_s=0.3) is None
    eta.update(2, now_s=0.5)
    eta.update(3, now_s=0.75)
    assert eta.remaining_s(8, now_s=0.75) == 1.25


def test_a_run_that_goes_on_counts_its_own_steps():
    eta = Eta()
    eta.go_on(400, now_s=0)
    eta.update(410, now_s=5)
    assert eta.remaining_s(800, now_s=5) == 195
