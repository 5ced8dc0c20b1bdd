"""What each search strategy asks of a tuning job's config."""

from collections.abc import Mapping
from typing import Any

from localaws.sagemaker.errors import invalid
from localaws.sagemaker.rules.search_space import CATEGORICAL

MAX_RESOURCE = 20_000
EPOCHS = ("epochs", "numepochs", "n-epochs", "n_epochs", "num_epochs")
"""Static hyperparameters from which Hyperband takes its MaxResource."""


def check_strategy(
    config: Mapping[str, Any], searched: list[tuple[str, dict[str, Any]]], statics: list[Mapping[str, str]]
) -> None:
    """`statics` holds each definition's static hyperparameters. Raises: ServiceError: ValidationException."""
    strategy = config["Strategy"]
    if strategy == "Grid" and any(kind != CATEGORICAL for kind, _ in searched):
        raise invalid("The Grid strategy supports categorical parameters only.")
    if strategy == "Hyperband":
        if config.get("TrainingJobEarlyStoppingType", "Off") != "Off":
            raise invalid("TrainingJobEarlyStoppingType must be Off for the Hyperband strategy.")
        _check_resources(config, statics)
    elif config.get("StrategyConfig"):
        raise invalid("StrategyConfig is supported for the Hyperband strategy only.")


def resources(config: Mapping[str, Any], static: Mapping[str, str]) -> tuple[int, int | None]:
    """Hyperband's MinResource and MaxResource; the latter from the static hyperparameters when it is not given.

    AWS documents no default for MinResource: here it is 1."""
    given = config.get("StrategyConfig", {}).get("HyperbandStrategyConfig", {})
    inferred = next((int(static[name]) for name in EPOCHS if static.get(name, "").isdecimal()), None)
    return given.get("MinResource", 1), given.get("MaxResource", inferred)


def _check_resources(config: Mapping[str, Any], statics: list[Mapping[str, str]]) -> None:
    for static in statics:
        least, most = resources(config, static)
        if most is None:
            text = "MaxResource parameter is not provided and could not be inferred from provided static"
            raise invalid(f"{text} hyperparameters of TrainingJobDefinition.")
        if not least <= most <= MAX_RESOURCE:
            raise invalid(
                f"MaxResource must be from MinResource, which is {least}, to {MAX_RESOURCE}, and is {most}."
            )
