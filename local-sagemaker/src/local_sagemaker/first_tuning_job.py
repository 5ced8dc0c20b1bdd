"""A tuning job from beginning to end, on data that this program makes: `python -m local_sagemaker.first_tuning_job`."""

import math
import random
import time

from local_sagemaker import LocalSageMaker

xs = [random.uniform(0, 6) for _ in range(200)]
rows = "".join(f"{math.sin(x) + random.gauss(0, 0.1)},{x}\n" for x in xs)

with LocalSageMaker() as aws:
    s3, sagemaker = aws.client("s3"), aws.client("sagemaker")
    s3.create_bucket(Bucket="waves")
    s3.put_object(Bucket="waves", Key="train/waves.csv", Body=f"y,x\n{rows}")
    sagemaker.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName="waves",
        HyperParameterTuningJobConfig={
            "Strategy": "Bayesian",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "mse"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 8, "MaxParallelTrainingJobs": 2},
            "ParameterRanges": {
                "ContinuousParameterRanges": [
                    {"Name": "gamma", "MinValue": "0.01", "MaxValue": "100", "ScalingType": "Logarithmic"}
                ]
            },
        },
        TrainingJobDefinition={
            "AlgorithmSpecification": {
                "TrainingImage": aws.image_uri(),
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "mse", "Regex": "mse: ([0-9.]+)"}],
            },
            "RoleArn": aws.role_arn,
            "InputDataConfig": [
                {
                    "ChannelName": "train",
                    "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://waves/train/"}},
                }
            ],
            "OutputDataConfig": {"S3OutputPath": "s3://waves/models"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
            "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        },
    )
    while True:
        job = sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName="waves")
        if job["HyperParameterTuningJobStatus"] not in ("InProgress", "Stopping"):
            break
        time.sleep(0.5)
    best = job["BestTrainingJob"]
    print(best["TrainingJobName"], best["TrainingJobStatus"], best["TunedHyperParameters"])
    print("mse", best["FinalHyperParameterTuningJobObjectiveMetric"]["Value"])
