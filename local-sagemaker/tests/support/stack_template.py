"""A template like that of an event-driven application."""

from typing import Any

from support.account import TRUST

MAY_PUBLISH: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": "*",
        }
    ],
}
_UPLOADS: dict[str, Any] = {
    "Data": {
        "Type": "AWS::S3::Bucket",
        "Properties": {
            "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
            "VersioningConfiguration": {"Status": "Enabled"},
        },
    },
    "Uploads": {
        "Type": "AWS::SQS::Queue",
        "Properties": {
            "VisibilityTimeout": 120,
            "RedrivePolicy": {
                "deadLetterTargetArn": {"Fn::GetAtt": ["Dead", "Arn"]},
                "maxReceiveCount": 5,
            },
        },
    },
    "Dead": {"Type": "AWS::SQS::Queue"},
    "MayUpload": {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {
            "Queues": [{"Ref": "Uploads"}],
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "events.amazonaws.com"},
                        "Action": "sqs:SendMessage",
                        "Resource": {"Fn::GetAtt": ["Uploads", "Arn"]},
                    }
                ],
            },
        },
    },
    "Rule": {
        "Type": "AWS::Events::Rule",
        "Properties": {
            "EventPattern": {
                "source": ["aws.s3"],
                "detail-type": ["Object Created", "Object Deleted"],
                "detail": {
                    "bucket": {"name": [{"Ref": "Data"}]},
                    "object": {"key": [{"prefix": "datasets/"}]},
                },
            },
            "Targets": [{"Id": "uploads", "Arn": {"Fn::GetAtt": ["Uploads", "Arn"]}}],
        },
    },
}
"""A bucket whose changes a rule puts into a queue."""
_TOPIC: dict[str, Any] = {
    "Topic": {"Type": "AWS::SNS::Topic"},
    "MayPublish": {
        "Type": "AWS::SNS::TopicPolicy",
        "Properties": {"Topics": [{"Ref": "Topic"}], "PolicyDocument": MAY_PUBLISH},
    },
    "Heard": {"Type": "AWS::SQS::Queue"},
    "Listener": {
        "Type": "AWS::SNS::Subscription",
        "Properties": {
            "TopicArn": {"Ref": "Topic"},
            "Protocol": "sqs",
            "Endpoint": {"Fn::GetAtt": ["Heard", "Arn"]},
        },
    },
}
"""A topic to which alarms may publish, and a queue that receives its messages."""
_OTHERS: dict[str, Any] = {
    "Ledger": {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "BillingMode": "PAY_PER_REQUEST",
        },
    },
    "Build": {"Type": "AWS::CodeBuild::Project", "Properties": {"Name": "the-build"}},
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}},
}
_OUTPUTS = {
    "Bucket": {"Value": {"Ref": "Data"}},
    "Table": {"Value": {"Ref": "Ledger"}},
    "QueueUrl": {"Value": {"Ref": "Dead"}},
    "Build": {"Value": {"Ref": "Build"}},
    "BuildArn": {"Value": {"Fn::GetAtt": ["Build", "Arn"]}},
}


def template(code_bucket: str) -> dict[str, Any]:
    return {"Resources": {**_UPLOADS, **_TOPIC, **_OTHERS, **_consumer(code_bucket)}, "Outputs": _OUTPUTS}


def _consumer(code_bucket: str) -> dict[str, Any]:
    """The function that receives the queue's messages."""
    return {
        "OnUpload": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Handler": "handlers.on_upload",
                "Runtime": "python3.11",
                "Timeout": 60,
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Code": {"S3Bucket": code_bucket, "S3Key": "code.zip"},
                "DeadLetterConfig": {"TargetArn": {"Fn::GetAtt": ["Dead", "Arn"]}},
                "Environment": {
                    "Variables": {
                        "TABLE": {"Ref": "Ledger"},
                        "TOPIC": {"Ref": "Topic"},
                        "QUEUE": {"Ref": "Dead"},
                    }
                },
            },
        },
        "Mapping": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "EventSourceArn": {"Fn::GetAtt": ["Uploads", "Arn"]},
                "FunctionName": {"Ref": "OnUpload"},
                "BatchSize": 10,
                "ScalingConfig": {"MaximumConcurrency": 2},
            },
        },
    }
