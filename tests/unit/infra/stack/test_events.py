"""How events reach the functions, where those end that do not, and who is told."""

from typing import Any

import pytest

from tests.support.infra.stack_variants import ACCOUNT, KEY, stack

DLQ = {"Fn::GetAtt": ["EventsDlq", "Arn"]}
ASYNCHRONOUS = ("OnTuningEnded", "OnBuildEnded", "Sweep")
"""The functions that EventBridge calls; SQS calls the fourth, and keeps what that fails on."""


def test_the_queue_hides_a_batch_six_times_as_long_as_its_function_may_run(plain: dict[str, Any]) -> None:
    seconds = plain["Mappings"]["UploadSeconds"]
    chosen = {"Ref": "UploadTimeoutSeconds"}

    assert set(seconds) == set(plain["Parameters"]["UploadTimeoutSeconds"]["AllowedValues"])
    assert all(one == {"Timeout": int(key), "Visibility": 6 * int(key)} for key, one in seconds.items())
    assert plain["Resources"]["Uploads"]["Properties"]["VisibilityTimeout"] == {
        "Fn::FindInMap": ["UploadSeconds", chosen, "Visibility"]
    }
    assert plain["Resources"]["OnUpload"]["Properties"]["Timeout"] == {
        "Fn::FindInMap": ["UploadSeconds", chosen, "Timeout"]
    }


def test_a_batch_fails_message_by_message_and_few_batches_run_at_once(plain: dict[str, Any]) -> None:
    source = plain["Resources"]["OnUploadOnUploadSqsEventSource"]["Properties"]

    assert source["EventSourceArn"] == {"Fn::GetAtt": ["Uploads", "Arn"]}
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["ScalingConfig"] == {"MaximumConcurrency": 5}


def test_what_a_rule_cannot_deliver_is_tried_again_and_then_kept(plain: dict[str, Any]) -> None:
    rules = [one for one in plain["Resources"].values() if one["Type"] == "AWS::Events::Rule"]

    assert len(rules) == 4
    for target in (target for rule in rules for target in rule["Properties"]["Targets"]):
        assert target["DeadLetterConfig"] == {"Arn": DLQ}
        assert target["RetryPolicy"]["MaximumRetryAttempts"] > 0


def test_only_tuning_jobs_of_this_stack_wake_its_function(plain: dict[str, Any]) -> None:
    detail = plain["Resources"]["OnTuningEndedOnTuningEndedEvent"]["Properties"]["EventPattern"]["detail"]

    assert detail["HyperParameterTuningJobName"] == [{"prefix": {"Fn::Sub": "${Prefix}-"}}]
    assert set(detail["HyperParameterTuningJobStatus"]) == {"Completed", "Failed", "Stopped"}


def test_a_rule_may_leave_dead_letters_and_no_other_sender(plain: dict[str, Any]) -> None:
    rules = [name for name, one in plain["Resources"].items() if one["Type"] == "AWS::Events::Rule"]
    taking, tls_only = plain["Resources"]["EventsDlqPolicy"]["Properties"]["PolicyDocument"]["Statement"]

    assert taking["Principal"] == {"Service": "events.amazonaws.com"}
    sources = taking["Condition"]["ArnLike"]["aws:SourceArn"]
    assert sorted(source["Fn::GetAtt"][0] for source in sources) == sorted(rules)
    assert (tls_only["Effect"], tls_only["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


@pytest.mark.parametrize("name", ASYNCHRONOUS)
def test_what_a_function_fails_on_for_good_is_a_dead_letter(plain: dict[str, Any], name: str) -> None:
    resources = stack(plain, "nothing said")
    (config,) = [
        one["Properties"]
        for one in resources.values()
        if one["Type"] == "AWS::Lambda::EventInvokeConfig" and one["Properties"]["FunctionName"] == {"Ref": name}
    ]
    statements = resources[f"{name}Role"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]

    assert config["DestinationConfig"]["OnFailure"]["Destination"] == DLQ
    assert [one["Resource"] for one in statements if one["Sid"] == "HandOver"] == [DLQ]


def test_every_queue_of_dead_letters_is_watched(plain: dict[str, Any]) -> None:
    resources = plain["Resources"]
    redriven = {
        one["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        for one in resources.values()
        if one["Type"] == "AWS::SQS::Queue" and "RedrivePolicy" in one["Properties"]
    }

    watched = {
        one["Dimensions"][0]["Value"]["Fn::GetAtt"][0]
        for one in alarms(plain, "ApproximateNumberOfMessagesVisible")
        if (one["ComparisonOperator"], one["Threshold"]) == ("GreaterThanThreshold", 0)
    }

    assert watched == {"EventsDlq"} | redriven


def test_the_errors_of_every_function_are_watched_and_told_once_an_hour_at_most(plain: dict[str, Any]) -> None:
    functions = {name for name, one in plain["Resources"].items() if one["Type"] == "AWS::Lambda::Function"}

    errors = alarms(plain, "Errors")

    assert {one["Dimensions"][0]["Value"]["Ref"] for one in errors} == functions
    # An alarm tells when it changes: one error keeps it as it is for 12 times 300 s, an hour.
    assert {(one["Period"], one["EvaluationPeriods"], one["DatapointsToAlarm"]) for one in errors} == {(300, 12, 1)}
    assert {one["TreatMissingData"] for one in errors} == {"notBreaching"}


def test_a_sweep_that_does_not_run_is_told_although_it_then_says_nothing(plain: dict[str, Any]) -> None:
    (missing,) = alarms(plain, "Invocations")
    longest_s = 60 * plain["Parameters"]["SweepMinutes"]["MaxValue"]

    assert missing["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": "Sweep"}}]
    assert missing["TreatMissingData"] == "breaching"
    assert missing["Period"] >= 2 * longest_s  # one that is late alarms nobody
    assert missing["OKActions"] == [{"Ref": "Notifications"}]


def test_alarms_go_to_the_topic_and_only_this_accounts(plain: dict[str, Any]) -> None:
    resources = stack(plain, "nothing said")
    taking, tls_only = resources["NotificationsPolicy"]["Properties"]["PolicyDocument"]["Statement"]

    assert {str(one["AlarmActions"]) for one in alarms(plain)} == {"[{'Ref': 'Notifications'}]"}
    assert taking["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert taking["Condition"] == {
        "ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:*"},
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
    }
    assert (tls_only["Effect"], tls_only["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_the_topic_is_never_under_the_key_that_drops_alarms(plain: dict[str, Any]) -> None:
    topics = [stack(plain, name)["Notifications"]["Properties"] for name in ("nothing said", "customer key")]

    assert [topic.get("KmsMasterKeyId") for topic in topics] == [None, KEY]


def test_a_mail_subscription_is_made_for_an_address_only(plain: dict[str, Any]) -> None:
    assert "Mail" not in stack(plain, "nothing said")
    assert stack(plain, "e-mail")["Mail"]["Properties"]["Endpoint"] == "somebody@example.com"


def test_the_uploads_of_an_existing_bucket_wake_the_function_too(plain: dict[str, Any]) -> None:
    detail = stack(plain, "existing bucket")["UploadsRule"]["Properties"]["EventPattern"]["detail"]

    assert detail == {"bucket": {"name": ["kept-data"]}, "object": {"key": [{"prefix": "datasets/"}]}}


def alarms(template: dict[str, Any], metric: str | None = None) -> list[dict[str, Any]]:
    found = [one["Properties"] for one in template["Resources"].values() if one["Type"] == "AWS::CloudWatch::Alarm"]
    return [one for one in found if metric in (None, one["MetricName"])]
