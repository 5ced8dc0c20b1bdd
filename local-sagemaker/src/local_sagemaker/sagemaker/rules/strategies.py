"""The rules of each search strategy for a tuning job's config."""

from collections.abc import Mapping
from typing import Any

from local_sagemaker.sagemaker.protocol.errors import invalid
from local_sagemaker.sagemaker.rules.hyperband import resources
from local_sagemaker.sagemaker.rules.search_space import CATEGORICAL

MAX_RESOURCE = 20_000


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


def _check_resources(config: Mapping[str, Any], statics: list[Mapping[str, str]]) -> None:
    for static in statics:
        found = resources(config, static)
        if found is None:
            text = "MaxResource parameter is not provided and could not be inferred from provided static"
            raise invalid(f"{text} hyperparameters of TrainingJobDefinition.")
        least, most = found
        if not least <= most <= MAX_RESOURCE:
            raise invalid(f"MaxResource must be from MinResource ({least}) to {MAX_RESOURCE}, not {most}.")
