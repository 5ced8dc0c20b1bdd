"""Which AWS a verb talks to when several local ones may be up."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.console import ExitCode
from cli.target import target
from cli.target.choice import TargetChoice
from cli.target.running import SeveralUp, Up
from cli.target.target import NoTarget, NothingAnswers, Target

FIRST = Up(Path("/homes/first"), 11, {"endpoint_url": "http://127.0.0.1:4001", "bucket": "first"})
SECOND = Up(Path("/homes/second"), 22, {"endpoint_url": "http://127.0.0.1:4002", "bucket": "second"})
STARTING = Up(Path("/homes/starting"), 33)


def resolved(choice: TargetChoice, ups: Sequence[Up], url: str = "", listens: bool = False) -> Target:
    environment = {"AWS_ENDPOINT_URL": url} if url else {}
    return target.resolve(choice, environment, lambda: ups, lambda _: listens)


def test_a_home_names_its_local_aws() -> None:
    chosen = resolved(TargetChoice(home=Path("/homes/second")), [FIRST, SECOND])

    assert chosen == Target("http://127.0.0.1:4002", "us-east-1")


def test_a_home_that_is_not_up_is_never_replaced_by_another() -> None:
    with pytest.raises(NoTarget, match="/homes/third"):
        resolved(TargetChoice(home=Path("/homes/third")), [FIRST])


def test_a_home_and_a_real_account_exclude_each_other() -> None:
    with pytest.raises(NoTarget, match="--home and --aws"):
        resolved(TargetChoice(aws=True, home=Path("/homes/first")), [FIRST])


@pytest.mark.parametrize("choice", [TargetChoice(), TargetChoice(local=True)])
def test_two_that_are_up_are_refused(choice: TargetChoice) -> None:
    with pytest.raises(SeveralUp) as refused:
        resolved(choice, [FIRST, SECOND])

    assert refused.value.code is ExitCode.USAGE


@pytest.mark.parametrize("choice", [TargetChoice(), TargetChoice(local=True)])
def test_the_environment_chooses_between_two(choice: TargetChoice) -> None:
    assert resolved(choice, [FIRST, SECOND], "http://localhost:4002").endpoint_url == "http://127.0.0.1:4002"


def test_one_that_still_starts_is_no_target() -> None:
    assert resolved(TargetChoice(), [FIRST, STARTING]).endpoint_url == "http://127.0.0.1:4001"


def test_an_address_here_at_which_nothing_answers_is_refused_by_name() -> None:
    with pytest.raises(NothingAnswers) as refused:
        resolved(TargetChoice(), [FIRST], "http://127.0.0.1:4009")

    assert refused.value.code is ExitCode.USAGE
    assert "http://127.0.0.1:4009" in str(refused.value)


def test_what_is_up_instead_is_listed() -> None:
    with pytest.raises(NothingAnswers, match=r"http://127\.0\.0\.1:4001, the home /homes/first"):
        resolved(TargetChoice(), [FIRST], "http://127.0.0.1:4009")


def test_an_address_here_may_be_another_clones() -> None:
    assert resolved(TargetChoice(), [FIRST], "http://127.0.0.1:4009", listens=True).endpoint_url == (
        "http://127.0.0.1:4009"
    )


def test_a_forgotten_address_does_not_hide_the_one_that_was_asked_for() -> None:
    assert resolved(TargetChoice(local=True), [FIRST], "http://127.0.0.1:4009").endpoint_url == "http://127.0.0.1:4001"


def test_an_address_elsewhere_is_not_asked_beforehand() -> None:
    assert resolved(TargetChoice(), [], "https://aws.example.org").endpoint_url == "https://aws.example.org"


def test_the_next_command_names_the_same_home() -> None:
    assert TargetChoice(home=Path("/homes/the second")).option == " --home '/homes/the second'"


def test_a_free_port_does_not_listen() -> None:
    assert not target.listens("http://127.0.0.1:1")
