"""Which heavy tests share a worker of pytest-xdist, and which start first.

pytest-xdist has a mark for groups, which pytest 9.2 made ineffective: it can no longer add a group to a test's name.
"""

from typing import Any

from xdist.scheduler.loadscope import LoadScopeScheduling

GROUP_OF = {
    "test_bare_root.py": None,
    "test_buildspec_runs.py": "podman",
    "test_image.py": "podman",
    "test_oci_image.py": "podman",
    "test_training_in_podman.py": "podman",
    "test_processing_in_podman.py": "podman",
    "test_seeded_faults.py": None,
    "test_wheel.py": "wheel",
    "test_docs.py": "docs",
    "test_sdk_v3.py": "sagemaker-v3",
    "test_sagemaker_sdk.py": "sagemaker-v3",
    "sdk_v2/test_estimator.py": "sagemaker-v2",
    "test_notebook_steps.py": "notebook-steps",
    "sdk_v2/test_tuner.py": "sagemaker-v2",
    "sdk_v2/test_hosting.py": "sagemaker-v2",
    "sdk_v2/test_processing.py": "sagemaker-v2",
    "test_notebook.py": "sagemaker-v2",
    "test_syne_tune.py": "syne-tune",
    "test_aws_cli.py": "aws-cli",
    "test_aws_cli_sagemaker.py": "aws-cli",
}
"""The files in the order in which they start, the longest first, each with what its tests share and so need one worker
for: a store or an environment. Tests that share nothing go to any worker. A file that is not named comes last, as a
group of its own.

A worker gets its next group in advance: behind a bare root that is a seeded fault, which may wait."""


def group_of(nodeid: str) -> str:
    """The group's name; the test's own where any worker may take it."""
    file = _file(nodeid)
    return GROUP_OF.get(file, file) or nodeid


def position(nodeid: str) -> int:
    """Where in the order the test's file comes."""
    order, file = list(GROUP_OF), _file(nodeid)
    return order.index(file) if file in order else len(order)


def _file(nodeid: str) -> str:
    """The path below tests/heavy, by which a file is named here."""
    return nodeid.partition("::")[0].rpartition("tests/heavy/")[2]


class Groups(LoadScopeScheduling):  # type: ignore[misc]
    """Gives whole groups to workers, in the order of collection."""

    def __init__(self, config: Any, log: Any):
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
