"""Search expressions against a naive model, with generated records and expressions."""

import operator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from local_sagemaker.sagemaker.find.expression import expression_test
from local_sagemaker.sagemaker.protocol.validation import service_model

SHAPE = service_model().shape_for("TrainingJob")
ORDERED = {
    "GreaterThan": operator.gt,
    "GreaterThanOrEqualTo": operator.ge,
    "LessThan": operator.lt,
    "LessThanOrEqualTo": operator.le,
}
WORDS = st.sampled_from(["a", "b", "ab", "ba"])
NUMBERS = st.sampled_from([-1.5, 0.0, 1.0, 2.0])
OPTIONAL_NUMBERS = st.none() | NUMBERS


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    """A training job with a name, and perhaps a metric, a tag and channels."""
    record: dict[str, Any] = {"TrainingJobName": draw(WORDS)}
    if (value := draw(OPTIONAL_NUMBERS)) is not None:
        record["FinalMetricDataList"] = [{"MetricName": "mse", "Value": value, "Timestamp": 0.0}]
    if (tag := draw(st.none() | WORDS)) is not None:
        record["Tags"] = [{"Key": "k.k", "Value": tag}]
    channels = draw(st.lists(st.tuples(WORDS, WORDS), max_size=2))
    record["InputDataConfig"] = [{"ChannelName": name, "ContentType": kind} for name, kind in channels]
    return record


TEXT_FILTERS = st.fixed_dictionaries(
    {
        "Name": st.sampled_from(["TrainingJobName", "Tags.k.k", "InputDataConfig.ChannelName"]),
        "Operator": st.sampled_from(["Equals", "NotEquals", "Exists", "NotExists", "In"]),
        "Value": WORDS,
    }
)
NUMBER_FILTERS = st.fixed_dictionaries(
    {
        "Name": st.just("Metrics.mse"),
        "Operator": st.sampled_from([*ORDERED, "Equals", "NotEquals", "Exists", "NotExists"]),
        "Value": NUMBERS.map(str),
    }
)
NESTED = st.fixed_dictionaries(
    {
        "NestedPropertyName": st.just("InputDataConfig"),
        "Filters": st.lists(
            st.fixed_dictionaries(
                {
                    "Name": st.sampled_from(["InputDataConfig.ChannelName", "InputDataConfig.ContentType"]),
                    "Operator": st.sampled_from(["Equals", "NotEquals"]),
                    "Value": WORDS,
                }
            ),
            min_size=1,
            max_size=2,
        ),
    }
)


def expressions(parts: st.SearchStrategy[dict[str, Any]] | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Expressions with filters, nested filters and `parts` as subexpressions."""
    lists = {
        "Filters": st.lists(TEXT_FILTERS | NUMBER_FILTERS, min_size=1, max_size=3),
        "NestedFilters": st.lists(NESTED, min_size=1, max_size=2),
        **({"SubExpressions": st.lists(parts, min_size=1, max_size=2)} if parts is not None else {}),
    }
    any_lists = st.fixed_dictionaries({}, optional={**lists, "Operator": st.sampled_from(["And", "Or"])})
    return any_lists.filter(lambda one: bool(one.keys() - {"Operator"}))


def values(record: dict[str, Any], name: str) -> list[Any]:
    """The model's values of a property, each read in its own way."""
    if name == "TrainingJobName":
        return [record[name]]
    if name == "Tags.k.k":
        return [tag["Value"] for tag in record.get("Tags", [])]
    if name == "Metrics.mse":
        return [one["Value"] for one in record.get("FinalMetricDataList", [])]
    return [channel[name.rpartition(".")[2]] for channel in record["InputDataConfig"]]


def satisfies(found: list[Any], asked: dict[str, str]) -> bool:
    word, wanted = asked["Operator"], asked["Value"]
    if word in ("Exists", "NotExists"):
        return (len(found) > 0) is (word == "Exists")
    if asked["Name"] == "Metrics.mse":
        numbers = [ORDERED.get(word, operator.eq)(value, float(wanted)) for value in found]
        return not any(numbers) if word == "NotEquals" else any(numbers)
    return wanted not in found if word == "NotEquals" else wanted in found


def holds(record: dict[str, Any], asked: dict[str, Any]) -> bool:
    """The model: every part is evaluated, and then combined."""
    results = [satisfies(values(record, one["Name"]), one) for one in asked.get("Filters", [])]
    for nested in asked.get("NestedFilters", []):
        alone = [{**record, "InputDataConfig": [channel]} for channel in record["InputDataConfig"]]
        results.append(any(holds(one, {"Filters": nested["Filters"]}) for one in alone))
    results += [holds(record, part) for part in asked.get("SubExpressions", [])]
    return any(results) if asked.get("Operator") == "Or" else all(results)


@given(records(), expressions(expressions(expressions())))
def test_an_expression_finds_what_a_naive_model_finds(record: dict[str, Any], asked: dict[str, Any]) -> None:
    assert expression_test(SHAPE, asked)(record) == holds(record, asked)
