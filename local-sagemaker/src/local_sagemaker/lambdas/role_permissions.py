"""What Lambda itself does with a function's role: poll its queues, write its logs, send events that it failed on.

docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
"""

from collections.abc import Iterable

from local_sagemaker.iam.authorization import PolicyEvaluator
from local_sagemaker.iam.policy import Permission
from local_sagemaker.iam.sessions import Session
from local_sagemaker.lambdas.values import Function

_TAKING = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
_LOGGING = ("logs:CreateLogStream", "logs:PutLogEvents")  # the log group exists already
_HANDING_OVER = {"sqs": "sqs:SendMessage", "sns": "sns:Publish", "lambda": "lambda:InvokeFunction"}


class RolePermissions:
    """Without an evaluator, every function may do everything."""

    def __init__(self, evaluator: PolicyEvaluator | None) -> None:
        self._evaluator = evaluator

    def may_take(self, function: Function, queue_arn: str) -> bool:
        """docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"""
        return self._may(function, _TAKING, queue_arn)

    def may_log(self, function: Function, stream: str) -> bool:
        """docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html"""
        _, partition, _, region, account, *_ = function.arn.split(":")
        log = f"arn:{partition}:logs:{region}:{account}:log-group:{function.log_group}:log-stream:{stream}"
        return self._may(function, _LOGGING, log)

    def may_hand_over(self, function: Function, target_arn: str) -> bool:
        """docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"""
        return self._may(function, [_HANDING_OVER[target_arn.split(":")[2]]], target_arn)

    def _may(self, function: Function, actions: Iterable[str], resource: str) -> bool:
        session = Session(function.role_arn, function.name)
        return self._evaluator is None or all(
            self._evaluator.allows(session, Permission(action, resource)) for action in actions
        )
