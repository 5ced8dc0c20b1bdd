"""The options of `up`, which the local SageMaker parses, with this command line's exit code for invalid ones."""

from typing import Any

from cli.console import ExitCode, Leave
from local_sagemaker.options import InvalidOption, Options, parse


def parsed(*words: Any) -> Options:
    """As `local_sagemaker.options.parse`. Raises: Leave: an option is invalid."""
    try:
        return parse(*words)
    except InvalidOption as invalid:
        raise Leave(ExitCode.USAGE, str(invalid)) from invalid
