"""What is refused before anything starts: AWS's rules in AWS's words, and what is not hosted here by its name."""

from pathlib import Path
from typing import Any

import pytest

from local_sagemaker.sagemaker.protocol.errors import ServiceError
from support.hosting_world import VARIANT, HostingWorld, a_hosting_world
from support.sagemaker_world import ARN, ROLE

IMAGE = "nobody/knows:1"
CONTAINER = {"Image": IMAGE}
S3_SOURCE = {"S3Uri": "s3://b/k", "S3DataType": "S3Prefix", "CompressionType": "None"}
CAPTURE = {
    "EnableCapture": True,
    "InitialSamplingPercentage": 100,
    "DestinationS3Uri": "s3://b",
    "CaptureOptions": [{"CaptureMode": "Input"}],
}
CANARY = {
    "BlueGreenUpdatePolicy": {
        "TrafficRoutingConfiguration": {
            "Type": "CANARY",
            "WaitIntervalInSeconds": 60,
            "CanarySize": {"Type": "INSTANCE_COUNT", "Value": 1},
        }
    }
}


@pytest.fixture(scope="module")
def model(world: HostingWorld) -> str:
    """A model that nobody deploys."""
    world.call("CreateModel", ModelName="model", PrimaryContainer=CONTAINER, ExecutionRoleArn=ROLE)
    return "model"


def refused(world: HostingWorld, operation: str, code: str = "ValidationException", **request: Any) -> str:
    with pytest.raises(ServiceError) as error:
        world.call(operation, **request)
    assert error.value.code == code
    return error.value.message


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({}, "Provide a PrimaryContainer"),
        ({"PrimaryContainer": CONTAINER, "Containers": [CONTAINER]}, "not both"),
        ({"Containers": [CONTAINER, CONTAINER]}, "inference pipelines of several are not supported"),
        ({"PrimaryContainer": {}}, "either an Image or a ModelPackageName"),
        ({"PrimaryContainer": {**CONTAINER, "ModelPackageName": "p"}}, "either an Image or a ModelPackageName"),
        ({"PrimaryContainer": {"ModelPackageName": "nowhere"}}, "Could not find model package nowhere"),
        ({"PrimaryContainer": {**CONTAINER, "Mode": "MultiModel"}}, "multi-model endpoints are not supported"),
        ({"PrimaryContainer": {**CONTAINER, "ModelDataUrl": "https://b/k"}}, "loads model data from s3://"),
        ({"PrimaryContainer": {**CONTAINER, "ModelDataSource": {"S3DataSource": S3_SOURCE}}}, "S3Object and Compr"),
        ({"PrimaryContainer": CONTAINER, "ModelName": "-"}, "Member must satisfy regular expression pattern"),
    ],
)
def test_a_model_is_refused(world: HostingWorld, request_: dict[str, Any], words: str) -> None:
    assert words in refused(world, "CreateModel", **{"ModelName": "refused", "ExecutionRoleArn": ROLE, **request_})
    assert not world.call("ListModels", NameContains="refused")["Models"]


def test_a_model_whose_artifact_is_not_there_is_refused_at_once(world: HostingWorld) -> None:
    uri = f"s3://{world.bucket}/nowhere.tar.gz"

    message = refused(world, "CreateModel", ModelName="m", PrimaryContainer={**CONTAINER, "ModelDataUrl": uri})

    assert message == f"Could not find model data at {uri}."


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ModelName": "nowhere"}, f'Could not find model "{ARN}:model/nowhere".'),
        ({"ManagedInstanceScaling": {"Status": "ENABLED"}}, "does not support ManagedInstanceScaling"),
        ({"InitialVariantWeight": -1.0}, "Member must have value greater than or equal to 0"),
        ({"InstanceType": "ml.none"}, "Member must satisfy enum value set"),
    ],
)
def test_a_variant_is_refused(world: HostingWorld, model: str, changes: dict[str, Any], words: str) -> None:
    variant = {"VariantName": "v", "ModelName": model, **VARIANT, **changes}

    assert words in refused(world, "CreateEndpointConfig", EndpointConfigName="c", ProductionVariants=[variant])


@pytest.mark.parametrize("member", ["ModelName", "InstanceType", "InitialInstanceCount"])
def test_a_variant_needs_a_model_and_instances(world: HostingWorld, model: str, member: str) -> None:
    variant = {"VariantName": "v", "ModelName": model, **VARIANT}
    del variant[member]

    message = refused(world, "CreateEndpointConfig", EndpointConfigName="c", ProductionVariants=[variant])

    assert message == f"{member} is required for the production variant v."


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"AsyncInferenceConfig": {"OutputConfig": {}}}, "does not support AsyncInferenceConfig"),
        ({"DataCaptureConfig": CAPTURE}, "captures no data"),
        ({"ExplainerConfig": {"ClarifyExplainerConfig": {"ShapConfig": {"ShapBaselineConfig": {}}}}}, "ExplainerCon"),
        ({"ShadowProductionVariants": [{"VariantName": "s"}]}, "does not support ShadowProductionVariants"),
    ],
)
def test_an_endpoint_config_is_refused(world: HostingWorld, model: str, more: dict[str, Any], words: str) -> None:
    variants = [{"VariantName": "v", "ModelName": model, **VARIANT}]

    message = refused(world, "CreateEndpointConfig", EndpointConfigName="c", ProductionVariants=variants, **more)

    assert words in message


def test_capture_that_is_switched_off_is_none(world: HostingWorld, model: str) -> None:
    world.config({"ModelName": model}, DataCaptureConfig={**CAPTURE, "EnableCapture": False})


def test_variants_of_one_name_are_refused(world: HostingWorld, model: str) -> None:
    variants = [{"VariantName": name, "ModelName": model, **VARIANT} for name in ("v", "V")]

    message = refused(world, "CreateEndpointConfig", EndpointConfigName="c", ProductionVariants=variants)

    assert "must be unique" in message


def test_an_endpoint_without_its_config_is_refused(world: HostingWorld) -> None:
    message = refused(world, "CreateEndpoint", EndpointName="e", EndpointConfigName="nowhere")

    assert message == f'Could not find endpoint configuration "{ARN}:endpoint-config/nowhere".'


def test_traffic_that_would_move_by_and_by_is_refused(world: HostingWorld, model: str) -> None:
    config = world.config({"ModelName": model})

    message = refused(world, "CreateEndpoint", EndpointName="e", EndpointConfigName=config, DeploymentConfig=CANARY)

    assert "ALL_AT_ONCE" in message


@pytest.mark.parametrize(
    ("operation", "member", "words"),
    [
        ("DescribeModel", "ModelName", f'Could not find model "{ARN}:model/nowhere".'),
        ("DeleteModel", "ModelName", f'Could not find model "{ARN}:model/nowhere".'),
        ("DescribeEndpointConfig", "EndpointConfigName", f'configuration "{ARN}:endpoint-config/nowhere".'),
        ("DeleteEndpointConfig", "EndpointConfigName", f'configuration "{ARN}:endpoint-config/nowhere".'),
        ("DescribeEndpoint", "EndpointName", f'Could not find endpoint "{ARN}:endpoint/nowhere".'),
        ("DeleteEndpoint", "EndpointName", f'Could not find endpoint "{ARN}:endpoint/nowhere".'),
    ],
)
def test_what_is_not_there_is_not_found(world: HostingWorld, operation: str, member: str, words: str) -> None:
    assert refused(world, operation, **{member: "nowhere"}).endswith(words)


def test_names_are_taken_whatever_their_case(world: HostingWorld, model: str) -> None:
    config = world.config({"ModelName": model})
    variants = [{"VariantName": "v", "ModelName": model, **VARIANT}]

    messages = [
        refused(world, "CreateModel", ModelName=model.upper(), PrimaryContainer=CONTAINER),
        refused(world, "CreateEndpointConfig", EndpointConfigName=config.upper(), ProductionVariants=variants),
    ]

    assert messages == [
        f'Cannot create already existing model "{ARN}:model/{model}".',
        f'Cannot create already existing endpoint configuration "{ARN}:endpoint-config/{config}".',
    ]


def test_what_could_not_be_saved_any_more_is_not_acknowledged(s3: Any, tmp_path: Path) -> None:
    with a_hosting_world(s3, tmp_path) as stopping:
        stopping.sagemaker.stop()

        refused(stopping, "CreateModel", "ServiceUnavailable", ModelName="m", PrimaryContainer=CONTAINER)
