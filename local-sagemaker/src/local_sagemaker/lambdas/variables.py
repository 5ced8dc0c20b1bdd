"""The environment variables of a function's process.

docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""

import os
import sys
from pathlib import Path

from local_sagemaker.lambdas.values import Function

_INHERITED = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")  # what the interpreter itself may need on this machine


def variables(
    function: Function, task_root: Path, log_stream: str, endpoint_url: str, region: str, access_key: str = "local"
) -> dict[str, str]:
    """Reserved variables override the function's own; the user's AWS settings are never passed on. The access key
    identifies the function as its role."""
    return {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        **{name: os.environ[name] for name in _INHERITED if name in os.environ},
        "LANG": "C.UTF-8",
        "TZ": ":UTC",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",  # the task root is read-only on Lambda
        **dict(function.environment),
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": access_key,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SESSION_TOKEN": "local",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "LAMBDA_TASK_ROOT": str(task_root),
        "_HANDLER": function.handler,
    }
