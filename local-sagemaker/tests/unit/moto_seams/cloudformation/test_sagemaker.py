"""SageMaker's resources in CloudFormation's stacks."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client
from support.account import Account, unique
from support.hosting_stack import create, outputs, reasons, status, template, update
from support.hosting_world import ECHOES, write_serving_program


def program_of(folder: Path, changes: str) -> Path:
    """The folder of an image that serves, with these changes."""
    write_serving_program(folder, changes)
    return folder


BROKEN = "sys.exit(3)"


@pytest.fixture(scope="module")
def hosting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """An account with an image that serves and one that does not."""
    folder = tmp_path_factory.mktemp("images")
    images = {"echo": program_of(folder / "echo", ECHOES), "broken": program_of(folder / "broken", BROKEN)}
    with LocalSageMaker(tmp_path_factory.mktemp("home"), images=images) as aws:
        yield Account(aws, [])


def test_the_endpoint_of_a_stack_serves_once_the_stack_is_complete(hosting: Account) -> None:
    stack = create(hosting, template())

    assert status(hosting, stack) == "CREATE_COMPLETE"
    made = outputs(hosting, stack)
    runtime = client("sagemaker-runtime", hosting.aws.endpoint_url, hosting.aws.region)
    answer = runtime.invoke_endpoint(EndpointName=made["Endpoint"], Body=b"a")
    assert answer["Body"].read() == b"A"
    model = hosting.sagemaker.describe_model(ModelName=made["Model"])
    assert model["ModelArn"] == made["ModelArn"]


def test_a_deleted_stack_leaves_no_endpoint_config_or_model(hosting: Account) -> None:
    stack = create(hosting, template())
    made = outputs(hosting, stack)

    hosting.cloudformation.delete_stack(StackName=stack)

    for kind, member in (("Endpoint", "EndpointName"), ("Config", "EndpointConfigName"), ("Model", "ModelName")):
        method = "describe_endpoint_config" if kind == "Config" else f"describe_{kind.lower()}"
        with pytest.raises(ClientError, match="Could not find"):
            getattr(hosting.sagemaker, method)(**{member: made[kind]})


def test_a_changed_model_is_replaced_and_its_endpoint_updated(hosting: Account) -> None:
    stack = create(hosting, template())
    before = outputs(hosting, stack)

    body = template(EnableNetworkIsolation="true")
    update(hosting, stack, body)

    after = outputs(hosting, stack)
    assert status(hosting, stack) == "UPDATE_COMPLETE"
    assert before["Endpoint"] == after["Endpoint"]
    assert before["Model"] != after["Model"] and before["Config"] != after["Config"]
    shown = hosting.sagemaker.describe_endpoint(EndpointName=after["Endpoint"])
    assert (shown["EndpointStatus"], shown["EndpointConfigName"]) == ("InService", after["Config"])
    with pytest.raises(ClientError, match="Could not find"):
        hosting.sagemaker.describe_model(ModelName=before["Model"])


def test_changed_tags_replace_nothing(hosting: Account) -> None:
    stack = create(hosting, template(Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "1"}]))
    before = outputs(hosting, stack)

    body = template(Tags=[{"Key": "b", "Value": "2"}])
    update(hosting, stack, body)

    assert outputs(hosting, stack) == before
    assert hosting.sagemaker.list_tags(ResourceArn=before["ModelArn"])["Tags"] == [{"Key": "b", "Value": "2"}]


def test_a_model_with_a_name_of_its_own_cannot_be_replaced(hosting: Account) -> None:
    name = unique("model")
    stack = create(hosting, template(ModelName=name))

    body = template(ModelName=name, EnableNetworkIsolation=True)
    update(hosting, stack, body)

    assert status(hosting, stack) == "UPDATE_ROLLBACK_COMPLETE"
    assert "custom-named resource requires replacing" in reasons(hosting, stack)
    assert "EnableNetworkIsolation" not in hosting.sagemaker.describe_model(ModelName=name)


def test_an_endpoint_that_does_not_start_fails_the_stack_with_its_reason(hosting: Account) -> None:
    stack = create(hosting, template("broken"))

    assert status(hosting, stack) == "ROLLBACK_COMPLETE"
    assert "Resource handler returned message" in reasons(hosting, stack)
    listed = hosting.sagemaker.list_endpoints(NameContains=stack)["Endpoints"]
    assert listed == []


@pytest.mark.parametrize("kind", ["Pipeline", "NotebookInstance", "FeatureGroup", "NoSuchThing"])
def test_a_type_that_is_not_supported_fails_the_stack_by_name(hosting: Account, kind: str) -> None:
    stack = create(hosting, {"Resources": {"It": {"Type": f"AWS::SageMaker::{kind}", "Properties": {}}}})

    assert status(hosting, stack) == "ROLLBACK_COMPLETE"
    assert f"Resource type AWS::SageMaker::{kind} is not supported by the local AWS" in reasons(hosting, stack)


def test_what_the_api_refuses_fails_the_stack_in_its_words(hosting: Account) -> None:
    stack = create(hosting, template(ModelName="not_a_name"))

    assert status(hosting, stack) == "ROLLBACK_COMPLETE"
    assert "not_a_name" in reasons(hosting, stack) and "ValidationException" in reasons(hosting, stack)


def test_a_change_set_that_fails_is_not_reported_as_complete(hosting: Account) -> None:
    stack, body = unique("stack"), {"Resources": {"It": {"Type": "AWS::SageMaker::Pipeline"}}}
    made = hosting.cloudformation.create_change_set(
        StackName=stack, ChangeSetName="first", ChangeSetType="CREATE", TemplateBody=json.dumps(body)
    )

    hosting.cloudformation.execute_change_set(ChangeSetName=made["Id"])

    assert status(hosting, stack) == "ROLLBACK_COMPLETE"


def test_a_stack_has_its_model_package_group(hosting: Account) -> None:
    name = unique("group")
    kind = {"Type": "AWS::SageMaker::ModelPackageGroup", "Properties": {"ModelPackageGroupName": name}}
    shown = {"Status": {"Value": {"Fn::GetAtt": ["Group", "ModelPackageGroupStatus"]}}}

    stack = create(hosting, {"Resources": {"Group": kind}, "Outputs": shown})

    assert outputs(hosting, stack) == {"Status": "Completed"}
    assert hosting.sagemaker.describe_model_package_group(ModelPackageGroupName=name)
    hosting.cloudformation.delete_stack(StackName=stack)
    with pytest.raises(ClientError, match="does not exist"):
        hosting.sagemaker.describe_model_package_group(ModelPackageGroupName=name)


def models(account: Account, stack: str) -> set[str]:
    return {one["ModelName"] for one in account.sagemaker.list_models(NameContains=stack)["Models"]}


def test_an_endpoint_update_that_fails_is_rolled_back_with_its_reason(hosting: Account) -> None:
    stack = create(hosting, template())

    update(hosting, stack, template("broken"))

    assert status(hosting, stack) == "UPDATE_ROLLBACK_COMPLETE"
    assert "Resource handler returned message" in reasons(hosting, stack)


def test_after_a_failed_update_the_endpoint_serves_with_the_resources_from_before(hosting: Account) -> None:
    stack = create(hosting, template())
    before = outputs(hosting, stack)

    update(hosting, stack, template("broken"))

    assert outputs(hosting, stack) == before
    assert models(hosting, stack) == {before["Model"]}
    shown = hosting.sagemaker.describe_endpoint(EndpointName=before["Endpoint"])
    assert (shown["EndpointStatus"], shown["EndpointConfigName"]) == ("InService", before["Config"])
    runtime = client("sagemaker-runtime", hosting.aws.endpoint_url, hosting.aws.region)
    assert runtime.invoke_endpoint(EndpointName=before["Endpoint"], Body=b"a")["Body"].read() == b"A"


def test_a_stack_whose_update_failed_can_be_updated_and_deleted(hosting: Account) -> None:
    stack = create(hosting, template())
    update(hosting, stack, template("broken"))

    update(hosting, stack, template(EnableNetworkIsolation=True))
    ended = status(hosting, stack)
    hosting.cloudformation.delete_stack(StackName=stack)

    assert ended == "UPDATE_COMPLETE"
    assert models(hosting, stack) == set()
    assert hosting.sagemaker.list_endpoints(NameContains=stack)["Endpoints"] == []


@pytest.mark.parametrize("policy", ["Retain", "RetainExceptOnCreate"])
def test_a_deleted_stack_leaves_what_it_retains(hosting: Account, policy: str) -> None:
    body = template()
    body["Resources"]["Model"]["DeletionPolicy"] = policy
    stack = create(hosting, body)
    made = outputs(hosting, stack)

    hosting.cloudformation.delete_stack(StackName=stack)

    assert models(hosting, stack) == {made["Model"]}
    assert hosting.sagemaker.list_endpoints(NameContains=stack)["Endpoints"] == []


def test_a_retained_resource_that_leaves_the_template_stays(hosting: Account) -> None:
    body = template()
    alone = {"Type": "AWS::SageMaker::ModelPackageGroup", "Properties": {}}
    body["Resources"]["Group"] = {**alone, "DeletionPolicy": "Retain"}
    stack = create(hosting, body)

    update(hosting, stack, template())

    assert status(hosting, stack) == "UPDATE_COMPLETE"
    assert len(hosting.sagemaker.list_model_package_groups(NameContains=stack)["ModelPackageGroupSummaryList"]) == 1


def test_a_replaced_model_stays_if_its_update_policy_says_so(hosting: Account) -> None:
    body, changed = template(), template(EnableNetworkIsolation=True)
    for one in (body, changed):
        one["Resources"]["Model"]["UpdateReplacePolicy"] = "Retain"
    stack = create(hosting, body)
    before = outputs(hosting, stack)["Model"]

    update(hosting, stack, changed)

    assert models(hosting, stack) == {before, outputs(hosting, stack)["Model"]}


@pytest.mark.parametrize(("policy", "left"), [("Retain", 1), ("RetainExceptOnCreate", 0)])
def test_a_failed_creation_leaves_what_is_retained_even_then(hosting: Account, policy: str, left: int) -> None:
    body = template("broken")
    body["Resources"]["Model"]["DeletionPolicy"] = policy

    stack = create(hosting, body)

    assert status(hosting, stack) == "ROLLBACK_COMPLETE"
    assert len(models(hosting, stack)) == left


def test_a_failed_update_deletes_what_it_has_added(hosting: Account) -> None:
    stack, body = create(hosting, template()), template("broken")
    group = {"Type": "AWS::SageMaker::ModelPackageGroup", "Properties": {}}
    body["Resources"]["Group"] = {**group, "DeletionPolicy": "RetainExceptOnCreate"}

    update(hosting, stack, body)

    assert status(hosting, stack) == "UPDATE_ROLLBACK_COMPLETE"
    assert hosting.sagemaker.list_model_package_groups(NameContains=stack)["ModelPackageGroupSummaryList"] == []
