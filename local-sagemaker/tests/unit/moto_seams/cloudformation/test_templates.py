"""A whole application from one CloudFormation template: nothing else has to be called."""

import json

from support.account import Account, eventually, unique, zipped
from support.stack_template import MAY_PUBLISH, template

HANDLER = """
import json, os, boto3

def on_upload(event, context):
    table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
    for record in event["Records"]:
        uploaded = json.loads(record["body"])["detail"]["object"]
        table.put_item(Item={"pk": uploaded["key"], "etag": uploaded["etag"]})
        boto3.client("sns").publish(TopicArn=os.environ["TOPIC"], Message=uploaded["key"])
        boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody="later", DelaySeconds=900)
"""


def create(account: Account, stack: str, code_bucket: str) -> tuple[dict[str, str], dict[str, str]]:
    """The stack's outputs, and the names of its resources."""
    account.cloudformation.create_stack(StackName=stack, TemplateBody=json.dumps(template(code_bucket)))
    [made] = account.cloudformation.describe_stacks(StackName=stack)["Stacks"]
    resources = account.cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    names = {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in resources}
    return {o["OutputKey"]: o["OutputValue"] for o in made["Outputs"]}, names


def test_an_object_put_into_the_stacks_bucket_runs_its_function(account: Account) -> None:
    code_bucket, stack = unique("code"), unique("stack")
    account.s3.create_bucket(Bucket=code_bucket)
    account.s3.put_object(Bucket=code_bucket, Key="code.zip", Body=zipped(HANDLER))
    outputs, _ = create(account, stack, code_bucket)

    bucket = outputs["Bucket"]
    put = account.s3.put_object(Bucket=bucket, Key="datasets/a b+c/train/x.csv", Body=b"1")
    account.s3.put_object(Bucket=bucket, Key="elsewhere/x.csv", Body=b"1")

    key = {"pk": {"S": "datasets/a b+c/train/x.csv"}}
    item = eventually(lambda: account.dynamodb.get_item(TableName=outputs["Table"], Key=key).get("Item"))
    assert item["etag"]["S"] == put["ETag"].strip('"')
    assert put["VersionId"], "the template's VersioningConfiguration counts"
    eventually(lambda: [p.message for p in account.published] == ["datasets/a b+c/train/x.csv"])
    assert outputs["QueueUrl"].startswith(account.aws.endpoint_url), "a queue's URL leads to this endpoint"
    eventually(lambda: _delayed(account, outputs["QueueUrl"]) == 1)
    assert account.dynamodb.scan(TableName=outputs["Table"])["Count"] == 1


def test_the_topic_of_a_stack_has_its_policy(account: Account) -> None:
    code_bucket, stack = unique("code"), unique("stack")
    account.s3.create_bucket(Bucket=code_bucket)
    account.s3.put_object(Bucket=code_bucket, Key="code.zip", Body=zipped(HANDLER))

    _, names = create(account, stack, code_bucket)

    topic = account.sns.get_topic_attributes(TopicArn=names["Topic"])["Attributes"]
    assert json.loads(topic["Policy"]) == MAY_PUBLISH


def test_the_functions_of_a_stack_have_its_dead_letter_queue(account: Account) -> None:
    code_bucket, stack = unique("code"), unique("stack")
    account.s3.create_bucket(Bucket=code_bucket)
    account.s3.put_object(
        Bucket=code_bucket,
        Key="code.zip",
        Body=zipped("def on_upload(event, context):\n    raise ValueError\n"),
    )
    _, names = create(account, stack, code_bucket)

    account.lambda_.invoke(FunctionName=names["OnUpload"], InvocationType="Event", Payload=b'{"a":1}')

    assert eventually(lambda: account.bodies(names["Dead"])) == [{"a": 1}]


def test_what_moto_leaves_out_of_a_template_is_made_or_at_least_named(account: Account) -> None:
    code_bucket, stack = unique("code"), unique("stack")
    account.s3.create_bucket(Bucket=code_bucket)
    account.s3.put_object(Bucket=code_bucket, Key="code.zip", Body=zipped())
    outputs, names = create(account, stack, code_bucket)

    account.sns.publish(TopicArn=names["Topic"], Message="hello")

    assert [m["Message"] for m in account.bodies(names["Heard"])] == ["hello"]
    policy = account.sqs.get_queue_attributes(QueueUrl=names["Uploads"], AttributeNames=["Policy"])
    assert "events.amazonaws.com" in policy["Attributes"]["Policy"]
    assert outputs["Build"] == "the-build"
    assert outputs["BuildArn"] == "arn:aws:codebuild:us-east-1:123456789012:project/the-build"


def test_a_stack_can_be_updated_and_deleted(account: Account) -> None:
    code_bucket, stack = unique("code"), unique("stack")
    account.s3.create_bucket(Bucket=code_bucket)
    account.s3.put_object(Bucket=code_bucket, Key="code.zip", Body=zipped())
    outputs, names = create(account, stack, code_bucket)
    changed = template(code_bucket)
    changed["Resources"]["OnUpload"]["Properties"]["Timeout"] = 30

    account.cloudformation.update_stack(StackName=stack, TemplateBody=json.dumps(changed))

    function = account.lambda_.get_function_configuration(FunctionName=names["OnUpload"])
    assert function["Timeout"] == 30
    account.cloudformation.delete_stack(StackName=stack)
    assert outputs["Table"] not in account.dynamodb.list_tables()["TableNames"]


def test_a_template_that_lies_in_a_bucket_here_is_found_by_its_url(account: Account) -> None:
    bucket, stack = unique("templates"), unique("stack")
    body = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
    account.s3.create_bucket(Bucket=bucket)
    account.s3.put_object(Bucket=bucket, Key="of/mine.json", Body=body.encode())

    url = f"{account.aws.endpoint_url}/{bucket}/of/mine.json"
    account.cloudformation.create_stack(StackName=stack, TemplateURL=url)

    [made] = account.cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    assert made["LogicalResourceId"] == "Topic"


def test_a_stack_of_which_a_resource_fails_goes_back_to_nothing(account: Account) -> None:
    stack, taken, free = unique("stack"), unique("repository"), unique("queue")
    account.ecr.create_repository(repositoryName=taken)
    template = {
        "Resources": {
            "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": free}},
            "Taken": {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": taken}, "DependsOn": "Queue"},
        }
    }

    account.cloudformation.create_stack(StackName=stack, TemplateBody=json.dumps(template))

    [found] = account.cloudformation.describe_stacks(StackName=stack)["Stacks"]
    assert found["StackStatus"] == "ROLLBACK_COMPLETE"
    events = account.cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    assert any("already exists" in event.get("ResourceStatusReason", "") for event in events)
    assert account.cloudformation.list_stack_resources(StackName=stack)["StackResourceSummaries"] == []
    assert not [url for url in account.sqs.list_queues().get("QueueUrls", ()) if url.endswith(free)]
    account.cloudformation.delete_stack(StackName=stack)
    assert account.ecr.describe_repositories(repositoryNames=[taken])["repositories"]


def _delayed(account: Account, url: str) -> int:
    name = "ApproximateNumberOfMessagesDelayed"
    found = account.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])
    return int(found["Attributes"][name])
