"""Every operation of SageMaker's services, called by boto3 over HTTP."""

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from local_sagemaker.clients import client
from local_sagemaker.edge import rest
from local_sagemaker.edge.operations import MOTOS
from local_sagemaker.edge.table import built_operations
from local_sagemaker.sagemaker.protocol.validation import service_model
from support.account import Account
from support.minimal import minimal

ANSWERED = built_operations() | MOTOS.keys()
REFUSED = sorted(set(service_model().operation_names) - ANSWERED)
OF_REST = [
    (service, name)
    for service, model in rest.services().items()
    for name in model.operation_names
    if name != "InvokeEndpoint"
]
CANNED = (
    "CreateAutoMLJobV2",
    "CreateCluster",
    "CreateExperiment",
    "CreateFeatureGroup",
    "CreateNotebookInstance",
    "CreatePipeline",
    "CreateTrial",
    "StartPipelineExecution",
)
"""What moto would answer as if it were done."""


def asked(account: Account, service: str, operation: str) -> tuple[int, str, str]:
    """Status, code and message of the answer to the smallest request."""
    found = client(service, account.aws.endpoint_url, account.aws.region)
    shape = found.meta.service_model.operation_model(operation).input_shape
    try:
        answer = getattr(found, xform_name(operation))(**(minimal(shape) if shape else {}))
    except ClientError as error:
        told = error.response["Error"]
        return error.response["ResponseMetadata"]["HTTPStatusCode"], told["Code"], told["Message"]
    return answer["ResponseMetadata"]["HTTPStatusCode"], "", ""


def test_an_operation_that_is_refused_names_itself_and_does_nothing(account: Account) -> None:
    calls = [("sagemaker", name) for name in REFUSED] + [pair for pair in OF_REST if pair[0] != rest.RUNTIME]

    answers = {(service, name): asked(account, service, name) for service, name in calls}

    wrong = {
        call: answer
        for call, answer in answers.items()
        if answer[:2] != (400, "UnknownOperationException")
        or f"operation {call[1]}:" not in answer[2]
        or "Nothing was done" not in answer[2]
    }
    assert wrong == {}


def test_an_operation_that_is_answered_is_refused_for_its_request_alone_and_never_fails(account: Account) -> None:
    answers = {name: asked(account, "sagemaker", name) for name in sorted(ANSWERED)}

    wrong = {
        name: answer
        for name, answer in answers.items()
        if answer[0] >= 500 or answer[1] in ("UnknownOperationException", "InternalFailure")
    }
    assert wrong == {}


def test_invocations_that_are_not_built_are_refused(account: Account) -> None:
    answers = {name: asked(account, service, name) for service, name in OF_REST if service == rest.RUNTIME}

    assert len(answers) == 2
    assert {answer[0] for answer in answers.values()} == {400}


@pytest.mark.parametrize("operation", CANNED)
def test_what_moto_would_report_as_done_is_refused(operation: str) -> None:
    assert operation in REFUSED


def test_boto3_shows_what_is_refused_and_where_the_list_is(account: Account) -> None:
    with pytest.raises(ClientError) as refused:
        account.sagemaker.start_pipeline_execution(PipelineName="p", ClientRequestToken="t" * 32)

    assert str(refused.value) == (
        "An error occurred (UnknownOperationException) when calling the StartPipelineExecution operation: "
        "The local AWS does not implement SageMaker's operation StartPipelineExecution: moto reports every execution "
        "as Succeeded without running a step. Nothing was done. docs/operations.md of local-sagemaker lists what it "
        "implements."
    )
