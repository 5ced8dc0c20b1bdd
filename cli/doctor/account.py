"""Credentials and region. Without both nothing else can be checked."""

from collections.abc import Iterator

import boto3
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from chalicelib.aws.faults import code_of, text_of
from cli.doctor.finding import Finding
from cli.target.target import Target

SIGN_IN = "renew them where they came from, for example: aws sso login"
OWN_CREDENTIALS = "set AWS_PROFILE to one of your profiles, or create one: aws configure sso"
FIX_BY_CODE = {
    "ExpiredToken": SIGN_IN,
    "ExpiredTokenException": SIGN_IN,
    "RequestExpired": "correct this machine's clock",
    "SignatureDoesNotMatch": "the secret key belongs to another access key: aws configure",
    "InvalidClientTokenId": "AWS does not recognize this key, or the region must be enabled: aws configure",
    "UnrecognizedClientException": "AWS does not recognize this key: aws configure",
}
REGION = "choose one"
REGION_COMMAND = "export AWS_DEFAULT_REGION=us-east-1"


def account(target: Target) -> Iterator[Finding]:
    """Check the region, then the credentials; stop at the first problem."""
    if target.endpoint_url is None:
        try:
            region = target.region or boto3.Session().region_name
        except ProfileNotFound as error:
            yield Finding("credentials", False, str(error), OWN_CREDENTIALS)
            return
        yield Finding("region", bool(region), region or "none is configured", REGION, REGION_COMMAND)
        if not region:
            return
    yield _credentials(target)


def _credentials(target: Target) -> Finding:
    name = "credentials" if target.endpoint_url is None else "target"
    try:
        arn = str(target.client("sts").get_caller_identity()["Arn"])
    except (NoCredentialsError, PartialCredentialsError, ProfileNotFound, NoRegionError) as error:
        return Finding(name, False, str(error), OWN_CREDENTIALS)
    except (SSOTokenLoadError, TokenRetrievalError, UnauthorizedSSOTokenError) as error:
        return Finding(name, False, str(error), SIGN_IN)
    except ClientError as error:
        fix = FIX_BY_CODE.get(code_of(error), "check that these are the right credentials")
        return Finding(name, False, f"{code_of(error)}: {text_of(error)}", fix)
    except BotoCoreError as error:
        return Finding(name, False, str(error), "check that it is up, and that the network lets you through")
    return Finding(name, True, str(target) if target.endpoint_url else arn)
