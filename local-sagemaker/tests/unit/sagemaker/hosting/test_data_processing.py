"""What a container is given of a record, and what its result is joined to, as the documents' examples have it."""

from pathlib import Path
from typing import Any

import pytest

from local_sagemaker.sagemaker.hosting.transforms.json_path import NoSuchPath, compile_path
from support.hosting_world import HostingWorld

ROW = [10, 11, 12, 13, 14, 15, 16]
OBJECT = {"id": 1, "features": [5, 6], "inner": {"a": 2, "b": 3}}
SUMS = """
def invoke(request, body):
    rows = [line.split(b",") for line in body.splitlines()]
    return 200, b"".join(b"%d\\n" % sum(int(cell) for cell in row) for row in rows)
"""
LABELS = """
def invoke(request, body):
    return 200, "\\n".join(json.dumps({"label": sum(json.loads(line))}) for line in body.splitlines()).encode()
"""
CSV = {"ContentType": "text/csv", "SplitType": "Line"}
JSON_LINES = {"ContentType": "application/jsonlines", "SplitType": "Line"}


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        ("$", ROW, ROW),
        ("$[1]", ROW, 11),
        ("$[-1]", ROW, 16),
        ("$[1,3,5]", ROW, [11, 13, 15]),
        ("$[1:4]", ROW, [11, 12, 13, 14]),  # "the second through fifth columns"
        ("$[5:]", ROW, [15, 16]),  # "from the 6th column through the last"
        ("$[:5]", ROW, [10, 11, 12, 13, 14, 15]),  # "through the sixth column"
        ("$[0,5:]", ROW, [10, 15, 16]),
        ("$[:-2]", ROW, [10, 11, 12, 13, 14, 15]),
        ("$.id", OBJECT, 1),
        ("$['id']", OBJECT, 1),
        ("$['id','features']", OBJECT, {"id": 1, "features": [5, 6]}),
        ("$.inner.*", OBJECT, [2, 3]),
        ("$.inner.['a','b']", OBJECT, {"a": 2, "b": 3}),
        ("$.features[*]", OBJECT, [5, 6]),
        ("$.features[0]", OBJECT, 5),
    ],
)
def test_a_path_selects(path: str, value: Any, found: Any) -> None:
    assert compile_path(path)(value) == found


@pytest.mark.parametrize("path", ["", "id", "$id", "$[", "$[]", "$[a]", "$['a]", "$..id", "$[1;2]", "$[?(@.a)]"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(NoSuchPath):
        compile_path(path)


@pytest.mark.parametrize(("path", "value"), [("$.other", OBJECT), ("$[9]", ROW), ("$.id", ROW), ("$[0]", OBJECT)])
def test_what_is_not_there_cannot_be_selected(path: str, value: Any) -> None:
    with pytest.raises(NoSuchPath):
        compile_path(path)(value)


def processed(world: HostingWorld, model: str, text: str, given: dict[str, str], **processing: str) -> str:
    """What is stored of an object of that text, or the reason of the job's failure."""
    folder = Path(world.transform.__name__) / str(len(world.events))
    world.put(**{f"{folder}/a": text})
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{world.bucket}/{folder}/"}}
    stored = {"S3OutputPath": f"s3://{world.bucket}/{folder}-out", "AssembleWith": "Line"}
    ended = world.transformed(
        ModelName=model,
        TransformInput={"DataSource": source, **given},
        TransformOutput={**stored, "Accept": given["ContentType"]},
        DataProcessing=processing,
    )
    if ended["TransformJobStatus"] == "Failed":
        return str(ended["FailureReason"])
    return str(world.s3.get_object(Bucket=world.bucket, Key=f"{folder}-out/a.out")["Body"].read().decode())


def test_csv_rows_are_joined_with_their_results(world: HostingWorld) -> None:
    text = '"a, b",1,2\nc,3,4\n'

    stored = processed(world, world.model(SUMS), text, CSV, InputFilter="$[1:]", JoinSource="Input")

    assert stored == '"a, b",1,2,3\nc,3,4,7\n'


def test_of_the_joined_row_only_what_is_asked_for_is_stored(world: HostingWorld) -> None:
    filters = {"InputFilter": "$[1:]", "JoinSource": "Input", "OutputFilter": "$[0,-1]"}

    assert processed(world, world.model(SUMS), "a,1,2\nb,3,4\n", CSV, **filters) == "a,3\nb,7\n"


def test_json_lines_get_their_results_as_an_attribute(world: HostingWorld) -> None:
    text = '{"id": 1, "features": [1, 2]}\n{"id": 2, "features": [3, 4]}\n'
    filters = {"InputFilter": "$.features", "JoinSource": "Input", "OutputFilter": "$['id','SageMakerOutput']"}

    stored = processed(world, world.model(LABELS), text, JSON_LINES, **filters)

    assert stored == '{"id": 1, "SageMakerOutput": {"label": 3}}\n{"id": 2, "SageMakerOutput": {"label": 7}}\n'


def test_json_that_is_no_object_becomes_the_input_of_one(world: HostingWorld) -> None:
    stored = processed(world, world.model(LABELS), "[1, 2]\n[3, 4]\n", JSON_LINES, JoinSource="Input")

    assert stored.splitlines()[0] == '{"SageMakerInput": [1, 2], "SageMakerOutput": {"label": 3}}'


def test_results_that_are_not_as_many_as_the_records_fail_the_job(world: HostingWorld) -> None:
    model = world.model("def invoke(request, body): return 200, b'1\\n'")

    assert "There are 1 results for 2 records" in processed(world, model, "1\n2\n", CSV, JoinSource="Input")


def test_a_column_that_is_not_there_fails_the_job(world: HostingWorld) -> None:
    assert "selects nothing in the value" in processed(world, world.model(SUMS), "1,2\n", CSV, InputFilter="$[7]")
