"""The diff of two stacks, resource by resource."""

from typing import Any

import pytest

from cli.deploy.changes import Change, Difference, Replaced, ReplacementRules, changes
from cli.deploy.replacement import replacement_rules


def queue(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


FIXED = {"AWS::SQS::Queue": ReplacementRules(always=("QueueName",), sometimes=("Kind.Detail",))}


def test_equal_stacks_have_no_changes() -> None:
    assert changes({"Q": queue(A="1")}, {"Q": queue(A="1")}, FIXED) == ()


def test_what_comes_goes_and_changes_is_told_apart() -> None:
    found = changes({"Old": queue(), "Both": queue(A="1")}, {"New": queue(), "Both": queue(A="2", B="3")}, FIXED)

    assert found == (
        Change("removed", "Old", "AWS::SQS::Queue"),
        Change("changed", "Both", "AWS::SQS::Queue", (Difference("A", "1", "2"), Difference("B", None, "3"))),
        Change("added", "New", "AWS::SQS::Queue"),
    )


def test_maps_are_looked_into_and_lists_and_functions_are_not() -> None:
    before, after = (
        queue(Env={"X": "1", "Y": "2"}, L=["a"], R={"Ref": "A"}),
        queue(Env={"X": "1", "Y": "3"}, L=["b"], R={"Ref": "B"}),
    )

    [change] = changes({"Q": before}, {"Q": after}, FIXED)

    assert change.differences == (
        Difference("Env.Y", "2", "3"),
        Difference("L", ["a"], ["b"]),
        Difference("R", {"Ref": "A"}, {"Ref": "B"}),
    )


@pytest.mark.parametrize(
    ("before", "after", "replaced"),
    [
        (queue(A="1"), queue(A="2"), Replaced.NO),
        (queue(QueueName="a"), queue(QueueName="b"), Replaced.YES),
        (queue(QueueNameTail="a"), queue(QueueNameTail="b"), Replaced.NO),
        (queue(Kind={"Detail": {"X": "1"}}), queue(Kind={"Detail": {"X": "2"}}), Replaced.PERHAPS),
        (queue(Kind={"Detail": "1"}), queue(), Replaced.PERHAPS),
        (queue(Kind={"Detail": "1"}, QueueName="a"), queue(QueueName="b"), Replaced.YES),
        (queue(), {"Type": "AWS::SNS::Topic", "Properties": {}}, Replaced.YES),
    ],
)
def test_a_new_resource_is_made_where_the_schema_says_so(before: Any, after: Any, replaced: Replaced) -> None:
    [change] = changes({"Q": before}, {"Q": after}, FIXED)

    assert change.replaced is replaced


def test_what_refers_to_a_replaced_resource_changes_with_it() -> None:
    users = {
        "ByRef": queue(P={"Ref": "Q"}),
        "ByAtt": queue(P=[{"Fn::GetAtt": ["Q", "Arn"]}]),
        "BySub": queue(P={"Fn::Sub": "x ${Q.Arn}"}),
        "ByNone": queue(P={"Ref": "Other"}),
    }

    found = changes({"Q": queue(QueueName="a"), **users}, {"Q": queue(QueueName="b"), **users}, FIXED)

    assert {change.name: change.because_of for change in found} == {
        "Q": (),
        "ByRef": ("Q",),
        "ByAtt": ("Q",),
        "BySub": ("Q",),
    }


def test_what_is_retained_is_said_to_stay() -> None:
    kept = {**queue(QueueName="a"), "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}

    assert [change.is_kept for change in changes({"Q": kept}, {}, FIXED)] == [True]
    assert [change.is_kept for change in changes({"Q": kept}, {"Q": {**kept, **queue(QueueName="b")}}, FIXED)] == [True]
    assert [change.is_kept for change in changes({"Q": queue()}, {}, FIXED)] == [False]


def test_aws_schemas_say_which_properties_only_a_new_resource_can_have_otherwise() -> None:
    """As in CloudFormation's reference: "Update requires: Replacement"."""
    found = replacement_rules(["AWS::SQS::Queue", "AWS::ECR::Repository", "AWS::No::Such"], "eu-central-1")

    assert found.keys() == {"AWS::SQS::Queue", "AWS::ECR::Repository"}
    assert "QueueName" in found["AWS::SQS::Queue"].always
    assert "RepositoryName" in found["AWS::ECR::Repository"].always
