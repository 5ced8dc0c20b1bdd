"""The Lambdas' environment as one typed value; a missing or bad variable is named at start, all at once."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.ceilings import Ceilings
from chalicelib.placement import Placement

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


class SettingsError(Exception):
    """The environment is incomplete; the message names every variable at fault."""


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
