"""What becomes of a stack while its endpoint starts, and after a restart."""

import json
from pathlib import Path

from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client
from support.account import Account, eventually, unique
from support.hosting_stack import create, ended, status, template
from support.hosting_world import ECHOES, write_serving_program


def test_a_stack_is_answered_before_its_endpoint_serves_and_others_are_served_meanwhile(tmp_path: Path) -> None:
    gate = tmp_path / "go"
    waits = f"def get(path):\n    return (200 if os.path.exists({str(gate)!r}) else 503), b''\n"
    write_serving_program(tmp_path / "image", waits)
    with LocalSageMaker(tmp_path / "home", images={"echo": tmp_path / "image"}) as aws:
        account, stack = Account(aws, []), unique("stack")

        account.cloudformation.create_stack(StackName=stack, TemplateBody=json.dumps(template()))
        eventually(lambda: account.sagemaker.list_endpoints()["Endpoints"])
        seen = status(account, stack)
        shown = account.cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
        gate.touch()
        ended(account, stack)

        assert seen == "CREATE_IN_PROGRESS"
        assert {one["LogicalResourceId"] for one in shown} == {"Model", "Config"}
        assert status(account, stack) == "CREATE_COMPLETE"
        assert len(account.sagemaker.list_endpoints()["Endpoints"]) == 1


def test_a_stack_can_be_deleted_after_a_restart(tmp_path: Path) -> None:
    write_serving_program(tmp_path / "image", ECHOES)
    images = {"echo": tmp_path / "image"}
    with LocalSageMaker(tmp_path / "home", images=images) as aws:
        stack = create(Account(aws, []), template())

    with LocalSageMaker(tmp_path / "home", images=images) as aws:
        sagemaker = client("sagemaker", aws.endpoint_url, aws.region)
        client("cloudformation", aws.endpoint_url, aws.region).delete_stack(StackName=stack)

        assert sagemaker.list_endpoints()["Endpoints"] == []
