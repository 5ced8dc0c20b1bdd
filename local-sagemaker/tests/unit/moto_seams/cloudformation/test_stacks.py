"""What an update does to a stack that is there: what changes, what goes, and the way back from one that fails."""

import json

from support.account import Account, unique


def test_an_update_makes_changes_and_removes_what_a_condition_decides_about(account: Account) -> None:
    stack = unique("stack")

    def queues(seconds: str, wanted: str) -> list[str]:
        """The stack's queues after it was told so."""
        body = {
            "Parameters": {"Seconds": {"Type": "String"}, "Wanted": {"Type": "String"}},
            "Conditions": {"Wanted": {"Fn::Equals": [{"Ref": "Wanted"}, "yes"]}},
            "Resources": {
                "Always": {"Type": "AWS::SQS::Queue"},
                "Perhaps": {
                    "Type": "AWS::SQS::Queue",
                    "Condition": "Wanted",
                    "Properties": {"VisibilityTimeout": {"Ref": "Seconds"}},
                },
            },
        }
        values = {"Seconds": seconds, "Wanted": wanted}
        parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]
        call = account.cloudformation.update_stack if made else account.cloudformation.create_stack
        call(StackName=stack, TemplateBody=json.dumps(body), Parameters=parameters)
        found = account.sqs.list_queues(QueueNamePrefix=stack).get("QueueUrls", [])
        return sorted(url.rpartition("/")[2].split("-")[2] for url in found)

    made = False
    assert queues("10", "no") == ["Always"]
    made = True
    assert queues("20", "no") == ["Always"]
    assert queues("30", "yes") == ["Always", "Perhaps"]
    assert queues("40", "yes") == ["Always", "Perhaps"]
    assert queues("50", "no") == ["Always"]


def test_an_update_of_which_a_resource_fails_goes_back_to_what_was(account: Account) -> None:
    stack, taken = unique("stack"), unique("repository")
    account.ecr.create_repository(repositoryName=taken)
    before = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
    after = {"Resources": {"Taken": {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": taken}}}}
    account.cloudformation.create_stack(StackName=stack, TemplateBody=json.dumps(before))

    account.cloudformation.update_stack(StackName=stack, TemplateBody=json.dumps(after))

    [found] = account.cloudformation.describe_stacks(StackName=stack)["Stacks"]
    assert found["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert account.cloudformation.get_template(StackName=stack)["TemplateBody"] == before
    [topic] = account.cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    assert topic["PhysicalResourceId"] in [one["TopicArn"] for one in account.sns.list_topics()["Topics"]]
    account.cloudformation.update_stack(
        StackName=stack, TemplateBody=json.dumps({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}})
    )
    assert account.cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"] == "UPDATE_COMPLETE"


def test_a_parameter_alone_switches_on_what_its_condition_keeps_out(account: Account) -> None:
    stack, queue = unique("stack"), unique("queue")
    body = json.dumps(
        {
            "Parameters": {"Wanted": {"Type": "String", "Default": "no"}, "Word": {"Type": "String", "Default": "a"}},
            "Conditions": {"IsWanted": {"Fn::Equals": [{"Ref": "Wanted"}, "yes"]}},
            "Resources": {
                "Topic": {
                    "Type": "AWS::SNS::Topic",
                    "Properties": {
                        "DisplayName": {
                            "Fn::If": ["IsWanted", {"Fn::Sub": "${Word} ${Queue.QueueName}"}, {"Fn::Sub": "${Word}"}]
                        }
                    },
                },
                "Queue": {
                    "Type": "AWS::SQS::Queue",
                    "Condition": "IsWanted",
                    "Properties": {"QueueName": queue},
                },
            },
            "Outputs": {"Topic": {"Value": {"Ref": "Topic"}}},
        }
    )
    account.cloudformation.create_stack(StackName=stack, TemplateBody=body)

    def shown(**given: str) -> tuple[str, int]:
        parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]
        account.cloudformation.update_stack(StackName=stack, TemplateBody=body, Parameters=parameters)
        [found] = account.cloudformation.describe_stacks(StackName=stack)["Stacks"]
        topic = account.sns.get_topic_attributes(TopicArn=found["Outputs"][0]["OutputValue"])["Attributes"]
        return topic["DisplayName"], len(account.sqs.list_queues(QueueNamePrefix=queue).get("QueueUrls", []))

    assert shown(Wanted="yes", Word="a") == (f"a {queue}", 1)
    assert shown(Wanted="yes", Word="b") == (f"b {queue}", 1)
    assert shown(Wanted="no", Word="b") == ("b", 0)


def test_what_moto_cannot_change_stays_in_the_stack(account: Account) -> None:
    stack = unique("stack")

    def body(days: int) -> str:
        group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": stack, "RetentionInDays": days}}
        return json.dumps({"Resources": {"Logs": group}})

    account.cloudformation.create_stack(StackName=stack, TemplateBody=body(7))
    account.cloudformation.update_stack(StackName=stack, TemplateBody=body(14))

    found = account.cloudformation.list_stack_resources(StackName=stack)["StackResourceSummaries"]
    assert [one["PhysicalResourceId"] for one in found] == [stack]
