"""boto3 clients that can only reach the local AWS, regardless of the user's AWS settings."""

import os
from functools import cache
from threading import Lock
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

CREDENTIALS = {"aws_access_key_id": "local", "aws_secret_access_key": "local", "aws_session_token": "local"}

_making = Lock()  # unlike clients, sessions are not thread-safe


def client(service: str, endpoint_url: str, region: str, **kwargs: Any) -> Any:
    """Create a client with dummy credentials. The user's profile, config and credentials files are not read. `kwargs`
    are those of `boto3.client`; they take precedence."""
    config = Config(s3={"addressing_style": "path"}, max_pool_connections=32).merge(
        kwargs.pop("config", None) or Config()
    )
    with _making:
        return _session(region).client(service, **{"endpoint_url": endpoint_url, "config": config, **kwargs})


def environment(endpoint_url: str, region: str) -> dict[str, str]:
    """The variables that direct the AWS clients of another program to this endpoint, with the same credentials."""
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        **{name.upper(): value for name, value in CREDENTIALS.items()},
    }


@cache
def _session(region: str) -> boto3.Session:
    """Share one session between all clients: loading botocore's data takes half a second for each session."""
    nowhere = dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
    session = botocore.session.Session(session_vars={"profile": (None, None, None, None), **nowhere})
    return boto3.Session(botocore_session=session, region_name=region, **CREDENTIALS)
