"""Threads that are waited for together."""

import threading

from local_sagemaker.sagemaker.jobs.threads import Threads


def test_joining_waits_for_every_thread() -> None:
    threads, may_end, ended = Threads(), threading.Event(), list[int]()

    def run(number: int) -> None:
        may_end.wait(60)
        ended.append(number)

    for number in range(3):
        threads.start(f"thread {number}", run, number)
    may_end.set()
    threads.join(60.0)

    assert sorted(ended) == [0, 1, 2]


def test_joining_ends_when_the_time_is_over() -> None:
    threads, may_end = Threads(), threading.Event()
    threads.start("stubborn", may_end.wait, 60)

    threads.join(0.01)

    assert not may_end.is_set()
    may_end.set()
