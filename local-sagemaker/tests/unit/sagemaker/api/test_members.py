"""Every member that AWS has in its answers: what is said of each here, and the answers of jobs of all kinds."""

from collections.abc import Iterator
from typing import Any

import pytest

from local_sagemaker.sagemaker.protocol.validation import service_model
from support.accepted import TRAINING_JOB, changed
from support.account import Account, eventually
from support.output_members import ALWAYS, MEMBERS, Never, When
from support.sagemaker_world import FAILS, SLEEPS, World, a_world

Answers = dict[str, list[dict[str, Any]]]
MODEL = "open(ml + '/model/m', 'w').write('m'); say('mse=1')"


def shapes_in(value: Any, shape: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """(shape's name, structure) of every structure of the answer that is in `MEMBERS`."""
    if shape.type_name == "structure":
        if shape.name in MEMBERS:
            yield shape.name, value
        for name, item in value.items():
            yield from shapes_in(item, shape.members[name])
    elif shape.type_name == "list":
        for item in value:
            yield from shapes_in(item, shape.member)


def asked(world: World, answers: Answers, operation: str, **request: Any) -> None:
    shape = service_model().operation_model(operation).output_shape
    for name, found in shapes_in(world.call(operation, **request), shape):
        answers.setdefault(name, []).append(found)


def tuning_jobs(world: World) -> list[str]:
    """A parent whose search converges, its child, one of several algorithms, one that fails, and one that runs."""
    converges = world.tune("say('mse=1')", jobs=12)
    world.tuned(converges)
    parents = [{"HyperParameterTuningJobName": converges}]
    warm = {"WarmStartType": "IdenticalDataAndAlgorithm", "ParentHyperParameterTuningJobs": parents}
    child = world.tuning_request(jobs=1)
    child["TrainingJobDefinition"] = world.tuning(converges)["TrainingJobDefinition"]
    child["WarmStartConfig"] = warm
    several = world.tuning_request(jobs=2)
    definition = several.pop("TrainingJobDefinition")
    config = several["HyperParameterTuningJobConfig"]
    ranges = {"TuningObjective": config.pop("HyperParameterTuningJobObjective")}
    ranges["HyperParameterRanges"] = config.pop("ParameterRanges")
    several["TrainingJobDefinitions"] = [{**definition, **ranges, "DefinitionName": name} for name in ("one", "two")]
    never_starts = world.tuning_request(jobs=1)
    never_starts["TrainingJobDefinition"]["AlgorithmSpecification"]["TrainingImage"] = "there-is-none:1"
    for request in (child, several, never_starts):
        world.call("CreateHyperParameterTuningJob", **request)
    names = [converges, *(request["HyperParameterTuningJobName"] for request in (child, several, never_starts))]
    for name in names:
        world.tuned(name)
    running = world.tune(SLEEPS, jobs=1)
    eventually(lambda: world.training_jobs(running))
    return [*names, running]


def training_jobs(world: World) -> list[str]:
    """One that has all that can be asked for and leaves a model, one that fails, and one that runs."""
    world.put(**{"in/a": "1"})
    bucket = f"s3://{world.bucket}"
    places = {
        "AlgorithmSpecification.TrainingImage": world.image(MODEL),
        "AlgorithmSpecification.ContainerEntrypoint": None,
        "AlgorithmSpecification.ContainerArguments": None,
        "InputDataConfig.0.DataSource.S3DataSource.S3Uri": f"{bucket}/in/",
        "OutputDataConfig.S3OutputPath": f"{bucket}/out/",
        "CheckpointConfig.S3Uri": f"{bucket}/checkpoints/",
    }
    world.call("CreateTrainingJob", **changed(TRAINING_JOB, places))
    names = [TRAINING_JOB["TrainingJobName"], world.train(FAILS, HyperParameters={})]
    for name in names:
        world.trained(name)
    running = world.train(SLEEPS)
    world.awake(1)
    return [*names, running]


@pytest.fixture(scope="module")
def answers(account: Account, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """What Describe and List say of all these jobs, by shape."""
    found: Answers = {}
    with a_world(account.s3, tmp_path_factory.mktemp("world")) as world:
        for name in tuning_jobs(world):
            asked(world, found, "DescribeHyperParameterTuningJob", HyperParameterTuningJobName=name)
            asked(world, found, "ListTrainingJobsForHyperParameterTuningJob", HyperParameterTuningJobName=name)
        launched = [row["TrainingJobName"] for row in found["HyperParameterTrainingJobSummary"][-3:]]
        for name in [*training_jobs(world), *launched]:
            asked(world, found, "DescribeTrainingJob", TrainingJobName=name)
        asked(world, found, "ListHyperParameterTuningJobs")
        asked(world, found, "ListTrainingJobs", MaxResults=100)
    return found


@pytest.mark.parametrize("shape", MEMBERS)
def test_the_list_has_every_member_of_the_model_and_no_other(shape: str) -> None:
    assert set(MEMBERS[shape]) == set(service_model().shape_for(shape).members)


@pytest.mark.parametrize("shape", MEMBERS)
def test_what_is_always_there_is_in_every_answer(answers: Answers, shape: str) -> None:
    always = {name for name, said in MEMBERS[shape].items() if said is ALWAYS}

    assert answers[shape]
    assert [always - set(found) for found in answers[shape] if not always <= set(found)] == []


@pytest.mark.parametrize("shape", MEMBERS)
def test_what_is_there_at_times_is_in_some_answers_and_not_in_all(answers: Answers, shape: str) -> None:
    at_times = {name for name, said in MEMBERS[shape].items() if isinstance(said, When) and said is not ALWAYS}
    counts = {name: sum(name in found for found in answers[shape]) for name in at_times}

    assert {name for name, count in counts.items() if not 0 < count < len(answers[shape])} == set()


@pytest.mark.parametrize("shape", MEMBERS)
def test_what_is_said_to_be_never_there_is_in_no_answer(answers: Answers, shape: str) -> None:
    never = {name for name, said in MEMBERS[shape].items() if isinstance(said, Never)}

    assert [never & set(found) for found in answers[shape] if never & set(found)] == []


def test_defaults_are_told_back_as_aws_fills_them_in(account: Account, tmp_path_factory: Any) -> None:
    """As in published answers of DescribeTrainingJob to requests that have none of these members."""
    with a_world(account.s3, tmp_path_factory.mktemp("world")) as world:
        world.put(**{"in/a": "1"})
        source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{world.bucket}/in/"}
        name = world.train(
            InputDataConfig=[{"ChannelName": "train", "DataSource": {"S3DataSource": source}}], StoppingCondition={}
        )
        found = world.trained(name)

    switches = ("EnableNetworkIsolation", "EnableInterContainerTrafficEncryption", "EnableManagedSpotTraining")
    assert [found[name] for name in switches] == [False] * 3
    assert found["AlgorithmSpecification"]["EnableSageMakerMetricsTimeSeries"] is False
    assert found["StoppingCondition"] == {"MaxRuntimeInSeconds": 86_400}
    assert (found["OutputDataConfig"]["KmsKeyId"], found["OutputDataConfig"]["CompressionType"]) == ("", "GZIP")
    (channel,) = found["InputDataConfig"]
    assert (channel["CompressionType"], channel["RecordWrapperType"]) == ("None", "None")
    assert channel["DataSource"]["S3DataSource"]["S3DataDistributionType"] == "FullyReplicated"
    assert found["ProfilingStatus"] == "Disabled"
