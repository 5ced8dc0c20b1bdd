"""The Lambdas' environment as one typed value; a missing or bad variable is named at start, all at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_TEXTS = (
    "STACK",
    "PREFIX",
    "BUCKET",
    "TABLE",
    "TOPIC_ARN",
    "QUEUE_URL",
    "TRAINING_ROLE_ARN",
    "IMAGE_REPOSITORY",
)
_NUMBERS = ("SETTLE_S", "MAX_JOBS", "MAX_PARALLEL_JOBS", "MAX_RUNTIME_S", "MAX_OPEN_JOBS")
_LETTERS = re.compile(r"ml\.[a-z]+[0-9]+(?P<letters>[a-z]*)")
_STORAGE_WITHOUT_THE_LETTER = re.compile(r"ml\.(g[5-9]|p[5-9]|trn)")
"""Accelerated families have instance store volumes although their names do not say so (AWS: EC2 user guide)."""


class SettingsError(Exception):
    """The environment is incomplete; the message names every variable at fault."""


@dataclass(frozen=True)
class Ceilings:
    """`max_cost_usd` is for one tuning job; None: no cap."""

    max_jobs: int
    max_parallel_jobs: int
    max_runtime_s: int
    instance_types: tuple[str, ...]
    max_cost_usd: float | None


@dataclass(frozen=True)
class Placement:
    """The role of training jobs, and the key and network that they use; empty: AWS's own key, no VPC."""

    role_arn: str
    kms_key_arn: str = ""
    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()

    def output(self, uri: str) -> dict[str, str]:
        """SageMaker's OutputDataConfig."""
        return {"S3OutputPath": uri, **({"KmsKeyId": self.kms_key_arn} if self.kms_key_arn else {})}

    def volume(self, instance_type: str) -> dict[str, str]:
        """What ResourceConfig says of the volume's key: nothing where the instance encrypts by its own hardware."""
        if not self.kms_key_arn or has_instance_storage(instance_type):
            return {}
        return {"VolumeKmsKeyId": self.kms_key_arn}

    def network(self) -> dict[str, Any]:
        """The VpcConfig, if there is one."""
        if not self.subnet_ids:
            return {}
        return {"VpcConfig": {"SecurityGroupIds": list(self.security_group_ids), "Subnets": list(self.subnet_ids)}}


@dataclass(frozen=True)
class Settings:
    """Where the stack's parts are, the ceilings that no tuning spec can raise, and where training jobs run."""

    region: str
    stack: str
    prefix: str
    bucket: str
    table: str
    topic_arn: str
    queue_url: str
    image_repository: str
    settle_s: float
    max_open_jobs: int
    ceilings: Ceilings
    placement: Placement
    spot: bool = False
    """What a tuning spec that does not say gets."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Raises: SettingsError: a variable is missing or is not a number."""
        text = {name: environment.get(f"RETUNE_{name}", "") for name in (*_TEXTS, *_NUMBERS)}
        wrong = [f"RETUNE_{name}" for name in _TEXTS if not text[name]]
        wrong += [f"RETUNE_{name}" for name in _NUMBERS if not text[name].isdigit()]
        region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or ""
        if wrong or not region:
            raise SettingsError(f"Missing or wrong in the environment: {', '.join(wrong) or 'AWS_REGION'}.")
        return cls(
            region=region,
            settle_s=float(text["SETTLE_S"]),
            max_open_jobs=int(text["MAX_OPEN_JOBS"]),
            ceilings=_ceilings(environment),
            placement=_placement(environment),
            spot=environment.get("RETUNE_SPOT") == "true",
            **{name.lower(): text[name] for name in _TEXTS if name != "TRAINING_ROLE_ARN"},
        )


def has_instance_storage(instance_type: str) -> bool:
    """Does it bring disks of its own? SageMaker refuses a volume key for such an instance type.

    AWS has no list for SageMaker but points to EC2's, where a "d" after the generation says so, and the newer
    accelerated families have them without it. Later families are taken to be named the same way; where one is
    not, SageMaker rejects the tuning job and says that the key is why."""
    found = _LETTERS.match(instance_type)
    has_letter = found is not None and "d" in found["letters"]
    return has_letter or _STORAGE_WITHOUT_THE_LETTER.match(instance_type) is not None


def _ceilings(environment: Mapping[str, str]) -> Ceilings:
    cost = environment.get("RETUNE_MAX_COST_USD", "")
    return Ceilings(
        max_jobs=int(environment["RETUNE_MAX_JOBS"]),
        max_parallel_jobs=int(environment["RETUNE_MAX_PARALLEL_JOBS"]),
        max_runtime_s=int(environment["RETUNE_MAX_RUNTIME_S"]),
        instance_types=_list(environment.get("RETUNE_INSTANCE_TYPES", "ml.m5.large")),
        max_cost_usd=float(cost) if cost else None,
    )


def _placement(environment: Mapping[str, str]) -> Placement:
    return Placement(
        role_arn=environment["RETUNE_TRAINING_ROLE_ARN"],
        kms_key_arn=environment.get("RETUNE_KMS_KEY_ARN", ""),
        subnet_ids=_list(environment.get("RETUNE_SUBNET_IDS", "")),
        security_group_ids=_list(environment.get("RETUNE_SECURITY_GROUP_IDS", "")),
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
