"""What the doctor says of credentials, region and quotas."""

import os

import pytest
from botocore.exceptions import EndpointConnectionError

from cli.doctor.account import account
from cli.doctor.finding import isolated
from cli.doctor.quotas import quotas
from cli.target.target import Target
from tests.support.doctor_world import Account, Here, Service, refusal, stack_of

CODE = "L-0A1B2C3D"


def quota(instance_type: str, value: float, kind: str = "training job usage") -> dict[str, object]:
    return {"QuotaName": f"{instance_type} for {kind}", "QuotaCode": CODE, "Value": value}


def test_who_asks_is_said() -> None:
    arn = "arn:aws:iam::123456789012:user/me"
    asked = Account(sts=Service(get_caller_identity={"Arn": arn}))

    region, who = account(asked)

    assert (region.ok, region.what) == (True, "eu-west-1")
    assert (who.ok, who.what) == (True, arn)


@pytest.mark.parametrize(
    ("error", "what", "fix"),
    [
        (refusal("ExpiredToken", "The security token is expired"), "ExpiredToken", "aws sso login"),
        (refusal("InvalidClientTokenId", "invalid"), "InvalidClientTokenId", "aws configure"),
        (refusal("RequestExpired"), "RequestExpired", "clock"),
        (EndpointConnectionError(endpoint_url="https://sts"), "https://sts", "network"),
    ],
)
def test_credentials_that_do_not_work_are_said_with_their_cure(error: Exception, what: str, fix: str) -> None:
    found = list(account(Account(sts=Service(get_caller_identity=error))))[-1]

    assert found.ok is False
    assert what in found.what and fix in found.fix


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> pytest.MonkeyPatch:
    """A machine on which nobody configured AWS."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, f"{tmp_path}/none")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return monkeypatch


def test_without_a_region_nothing_else_is_asked(bare: pytest.MonkeyPatch) -> None:
    [found] = account(Target(None))

    assert (found.name, found.ok) == ("region", False)
    assert "AWS_DEFAULT_REGION" in found.command


def test_without_credentials_it_says_how_to_get_some(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("AWS_DEFAULT_REGION", "eu-west-1")

    found = list(account(Target(None)))[-1]

    assert (found.name, found.ok) == ("credentials", False)
    assert "aws configure sso" in found.fix


def test_a_profile_that_is_not_there_is_said(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("AWS_PROFILE", "nobody")

    [found] = account(Target(None))

    assert found.ok is False and "nobody" in found.what


def test_a_quota_of_none_is_a_fault_with_the_command_that_asks_for_more() -> None:
    pages = [{"Quotas": [quota("ml.p5.48xlarge", 0)]}, {"Quotas": [quota("ml.m5.large", 0)]}]
    asked = Account(service_quotas=Service(list_service_quotas=pages))

    [found] = quotas(asked, None)

    assert (found.name, found.ok) == ("quota ml.m5.large", False)
    assert f"--service-code sagemaker --quota-code {CODE} --desired-value 3" in found.command


@pytest.mark.parametrize(("value", "ok", "warns"), [(9, None, True), (10, True, False)])
def test_a_quota_below_what_one_tuning_job_may_ask_for_is_a_warning(value: int, ok: bool | None, warns: bool) -> None:
    known = [quota("ml.m5.large", value), quota("ml.m5.large", 0, "endpoint usage"), quota("ml.c5.xlarge", 1)]
    asked = Account(service_quotas=Service(list_service_quotas={"Quotas": known}))

    [found] = quotas(asked, stack_of(asked, MaxParallelJobs="10"))

    assert (found.ok, found.is_warning) == (ok, warns)


def test_a_stack_that_trains_on_spot_needs_spots_own_quota() -> None:
    known = [quota("ml.m5.large", 20), quota("ml.m5.large", 0, "spot training job usage")]
    asked = Account(service_quotas=Service(list_service_quotas={"Quotas": known}))

    [found] = quotas(asked, stack_of(asked, InstanceTypes="ml.m5.large", Spot="true"))

    assert found.ok is False


def test_other_types_that_the_stack_allows_and_the_account_does_not_are_named() -> None:
    known = [quota("ml.m5.large", 20), quota("ml.c5.xlarge", 0)]
    asked = Account(service_quotas=Service(list_service_quotas={"Quotas": known}))

    _, others = quotas(asked, stack_of(asked))

    assert others.is_warning and "ml.c5.xlarge" in others.what


def test_where_no_quota_is_told_it_is_neither_well_nor_ill() -> None:
    asked = Account(service_quotas=Service(list_service_quotas={"Quotas": []}))

    assert [found.ok for found in quotas(asked, None)] == [None]
    assert [found.ok for found in quotas(Here(), None)] == [None]


def test_reading_ends_when_all_that_matter_are_found() -> None:
    def pages(ServiceCode: str) -> list[dict[str, object]]:  # noqa: N803
        assert ServiceCode == "sagemaker"
        return [{"Quotas": [quota("ml.m5.large", 4)]}, {}]  # the second would be a KeyError

    assert [found.ok for found in quotas(Account(service_quotas=Service(list_service_quotas=pages)), None)] == [True]


def test_what_one_may_not_see_names_the_permission_and_is_no_fault() -> None:
    words = "User: arn:aws:iam::1:user/me is not authorized to perform: servicequotas:ListServiceQuotas because …"
    asked = Account(service_quotas=Service(list_service_quotas=refusal("AccessDeniedException", words)))

    [found] = isolated("quotas", quotas(asked, None))

    assert found.is_warning
    assert "servicequotas:ListServiceQuotas" in found.fix
