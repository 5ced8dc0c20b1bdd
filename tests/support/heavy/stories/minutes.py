"""Keeps stories that share a server out of each other's names, in which the SDKs put the minute."""

import time

import boto3


def wait_for_a_free_minute() -> None:
    """Return in a minute of which no tuning job has the name yet."""
    sagemaker = boto3.client("sagemaker")
    while True:
        found = sagemaker.list_hyper_parameter_tuning_jobs(MaxResults=100)["HyperParameterTuningJobSummaries"]
        minute = time.strftime("%y%m%d-%H%M", time.gmtime())
        if not any(job["HyperParameterTuningJobName"].endswith(minute) for job in found):
            return
        time.sleep(1)
