"""Who asks, and where: credentials and region. Without both nothing else can be looked at."""

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

SIGN_IN = "fetch new ones where these came from, for instance by: aws sso login"
OWN_CREDENTIALS = "set AWS_PROFILE to one of your profiles, or make one by: aws configure sso"
FIX_BY_CODE = {
    "ExpiredToken": SIGN_IN,
    "ExpiredTokenException": SIGN_IN,
    "RequestExpired": "set this machine's clock right",
    "SignatureDoesNotMatch": "the secret key is another key's: aws configure",
    "InvalidClientTokenId": "AWS does not know this key (any more), or the region must be enabled: aws configure",
    "UnrecognizedClientException": "AWS does not know this key (any more): aws configure",
}
REGION = "name the one to use"
REGION_COMMAND = "export AWS_DEFAULT_REGION=us-east-1"


def account(target: Target) -> Iterator[Finding]:
    """The region, then who asks there; what is wrong with either is the last finding."""
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
        fix = FIX_BY_CODE.get(code_of(error), "are these the right credentials?")
        return Finding(name, False, f"{code_of(error)}: {text_of(error)}", fix)
    except BotoCoreError as error:
        return Finding(name, False, str(error), "is it up, and does the network let you through?")
    return Finding(name, True, str(target) if target.endpoint_url else arn)
