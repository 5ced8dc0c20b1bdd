"""boto3 clients that can only ever reach the local AWS, whatever the user's own AWS settings say."""

import os
from functools import cache
from threading import Lock
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

CREDENTIALS = {"aws_access_key_id": "local", "aws_secret_access_key": "local", "aws_session_token": "local"}

_making = Lock()  # sessions are not for many threads at once, as clients are


def client(service: str, endpoint_url: str, region: str) -> Any:
    """A client with dummy credentials; no profile, config file or credentials file of the user is read."""
    config = Config(s3={"addressing_style": "path"}, max_pool_connections=32)
    with _making:
        return _session(region).client(service, endpoint_url=endpoint_url, config=config)


@cache
def _session(region: str) -> boto3.Session:
    """One for all clients: what botocore reads of its data, half a second each time, it reads once."""
    nowhere = dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
    session = botocore.session.Session(session_vars={"profile": (None, None, None, None), **nowhere})
    return boto3.Session(botocore_session=session, region_name=region, **CREDENTIALS)
