"""Which program stands for a training image, and with which words it is run."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from local_sagemaker.sagemaker.container.engine import Engine
from local_sagemaker.sagemaker.container.images import ContainerImage, Images, Program
from local_sagemaker.sagemaker.container.storage import DataFault
from support.sagemaker_world import PROLOGUE, World

URI = "123456789012.dkr.ecr.us-east-1.amazonaws.com/team/algo"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """One that has the images `there:1` and `algo:1`."""
    program = tmp_path / "engine"
    program.write_text('#!/bin/sh\ncase "$5" in there:1 | algo:1) exit 0 ;; *) exit 1 ;; esac\n')
    program.chmod(0o755)
    return Engine(str(program))


def specification(world: World, body: str, **more: Any) -> dict[str, Any]:
    return {"TrainingImage": world.image(body), "TrainingInputMode": "File", **more}


def program(folder: Path, name: str, body: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(PROLOGUE + body)
    path.chmod(0o755)
    return path


def test_a_folder_goes_before_an_image_of_that_name(engine: Engine, tmp_path: Path) -> None:
    images = Images({"algo": tmp_path}, lambda: engine)

    assert images.find(f"{URI}:1") == Program(tmp_path)
    assert images.find(f"{URI}@sha256:{'a' * 64}") == Program(tmp_path)


def test_an_image_is_known_to_the_engine_by_its_whole_name_or_without_its_registry(engine: Engine) -> None:
    images = Images({}, lambda: engine)

    assert images.find("there:1") == ContainerImage(engine, "there:1")
    assert images.find(f"{URI}:1") == ContainerImage(engine, "algo:1")


def test_an_image_that_nobody_has_is_refused_with_all_that_is_known_and_how_to_map_it(engine: Engine) -> None:
    with pytest.raises(DataFault) as refused:
        Images({"b": Path(), "a": Path()}, lambda: engine).find(f"{URI}:2")

    text = str(refused.value)
    assert text.startswith(f"ClientError: no program is mapped to the image {URI}:2;")
    assert "known repositories: a, b." in text and "does not have this image." in text
    assert text.endswith("local-sagemaker up --image algo=FOLDER")


def test_where_no_engine_works_the_refusal_says_so() -> None:
    with pytest.raises(DataFault, match="Neither docker nor podman is available"):
        Images({}, lambda: None).find("algo:1")


def test_a_name_that_an_engine_would_take_for_an_option_is_no_image(tmp_path: Path) -> None:
    yes = tmp_path / "yes"
    yes.write_text("#!/bin/sh\n")
    yes.chmod(0o755)

    with pytest.raises(DataFault):
        Images({}, lambda: Engine(str(yes))).find("--privileged")


def test_a_folder_may_have_one_program_for_each_verb(tmp_path: Path) -> None:
    train, serve = program(tmp_path, "train"), program(tmp_path, "serve")

    assert Program(tmp_path).words("train") == (str(train),)
    assert Program(tmp_path).words("serve") == (str(serve),)
    both = program(tmp_path, "entrypoint")
    assert Program(tmp_path).words("train") == (str(both), "train")


def test_a_folder_without_a_program_that_may_be_executed_fails_the_job(world: World) -> None:
    asked = specification(world, "say('never')")
    (path,) = world.home.parent.glob("images/*/entrypoint")
    path.chmod(0o644)

    ended = world.trained(world.train(AlgorithmSpecification=asked))

    assert ended["FailureReason"].startswith(f"ClientError: the folder {path.parent} has no executable program")


def test_arguments_take_the_place_of_the_word_train(world: World) -> None:
    asked = specification(world, "say(json.dumps(sys.argv[1:]))", ContainerArguments=["--epochs", "3"])

    name = world.train(AlgorithmSpecification=asked)

    world.trained(name)
    assert json.loads(world.log(name)) == ["--epochs", "3"]


def test_an_entrypoint_of_the_request_is_run_in_the_images_folder_with_opt_ml_where_it_is(world: World) -> None:
    asked = specification(
        world,
        "say('never')",
        ContainerEntrypoint=["/bin/sh", "-c", 'echo "$0 $1"; pwd'],
        ContainerArguments=["/opt/ml/input/x.sh", "train"],
    )

    name = world.train(AlgorithmSpecification=asked)

    world.trained(name)
    said, where = world.log(name).splitlines()
    assert said == f"{world.home / name}/opt/ml/input/x.sh train"
    assert [path.name for path in Path(where).iterdir()] == ["entrypoint"]


def test_an_entrypoint_of_the_request_may_be_a_program_of_the_images_folder(world: World) -> None:
    asked = specification(world, "say(json.dumps(sys.argv[1:]))", ContainerEntrypoint=["./entrypoint", "a"])

    name = world.train(AlgorithmSpecification=asked)

    world.trained(name)
    assert json.loads(world.log(name)) == ["a"]


def test_a_program_that_does_not_exist_fails_the_job_and_is_named(world: World) -> None:
    asked = specification(world, "say('never')", ContainerEntrypoint=["no-such-program"])

    ended = world.trained(world.train(AlgorithmSpecification=asked))

    assert ended["FailureReason"].startswith("ClientError: the program cannot be started: ")
    assert "no-such-program" in ended["FailureReason"]


def test_an_engine_is_asked_for_what_sagemaker_does(tmp_path: Path) -> None:
    def words(*entrypoint: str, is_isolated: bool = True) -> list[str]:
        volumes = {"/opt/ml": tmp_path}
        return list(Engine("docker").words("algo:1", "c", {"A": "b c"}, volumes, entrypoint, ["train"], is_isolated))

    first = ["docker", "--log-level", "fatal", "run", "--rm", "--pull", "never", "--name", "c", "--network", "none"]
    assert words() == [*first, "--env", "A=b c", "--volume", f"{tmp_path}:/opt/ml", "algo:1", "train"]
    assert words("sh", "-e")[-5:] == ["--entrypoint", "sh", "algo:1", "-e", "train"]
    assert words(is_isolated=False)[10] == "host"


def test_an_engine_that_is_not_there_has_no_images() -> None:
    assert not Engine(f"no-such-engine-{os.getpid()}").has("algo:1")
