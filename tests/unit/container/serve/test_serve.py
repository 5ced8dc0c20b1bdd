"""`entrypoint serve` as SageMaker calls it, with real R, behind nginx and, where there is none, plumber."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.container.process import DEADLINE_S, IRIS, TARGET, Ml, eventually, group_is_gone, in_plain_r
from tests.support.container.server import HAS_NGINX, Served, serving

NEEDS_NGINX = pytest.mark.skipif(not HAS_NGINX, reason="nginx is not installed")
SERVERS = [pytest.param("nginx", marks=NEEDS_NGINX), "plumber"]
NAMES = ["Sepal.Width", "Petal.Length", "Petal.Width", "Species"]
FEATURES = ",".join(NAMES)
ROWS = ["3.5,1.4,0.2,setosa", "2.8,4.5,1.3,versicolor", "3,5.8,2.2,virginica"]
ARRAYS = [[*map(float, row.split(",")[:3]), row.split(",")[3]] for row in ROWS]
RECORDS = [dict(zip(NAMES, row, strict=True)) for row in ARRAYS]
COLUMNS = {name: [record[name] for record in RECORDS] for name in reversed(NAMES)}
PREDICTIONS = """
x <- function(rows) model.matrix(~ Sepal.Width + Petal.Length + Petal.Width + Species, rows)[, -1]
asked <- data.frame(
  Sepal.Width = c(3.5, 2.8, 3), Petal.Length = c(1.4, 4.5, 5.8), Petal.Width = c(0.2, 1.3, 2.2),
  Species = factor(levels(flowers$Species), levels(flowers$Species))
)
predicted <- averaged(
  x(flowers), flowers$Sepal.Length, flowers[names(flowers) != "Sepal.Length"], 5, x(asked),
  degree = 1, thresh = 0.001, prune = TRUE
)
cat(sprintf("%.17g", predicted))
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Ml:
    """As an endpoint has it: the model folder and nothing else of the training job."""
    ml = Ml.of(tmp_path_factory.mktemp("trained"), {**TARGET, "engine": "mda"}, train={"iris.csv": IRIS})
    assert ml.train().code == 0
    endpoint = tmp_path_factory.mktemp("endpoint")
    (ml.root / "model").rename(endpoint / "model")
    return Ml(endpoint)


@pytest.fixture(scope="module", params=SERVERS)
def served(request: pytest.FixtureRequest, trained: Ml) -> Iterator[Served]:
    with serving(trained, RETUNE_SERVER=request.param, SM_NUM_CPUS="2") as running:
        yield running


@pytest.fixture(scope="module")
def expected() -> list[float]:
    return in_plain_r(PREDICTIONS)


def test_a_container_with_a_model_is_healthy(served: Served) -> None:
    assert served.send("GET", "/ping").status == 200


@pytest.mark.parametrize("server", SERVERS)
def test_a_container_without_a_model_is_not_and_says_why(tmp_path: Path, server: str) -> None:
    with serving(Ml.of(tmp_path, TARGET), RETUNE_SERVER=server) as empty:
        answers = [empty.send("GET", "/ping"), empty.invoke(ROWS[0])]

    assert [answer.status for answer in answers] == [503, 503]
    assert all("no model is loaded: " in answer.error and "model.rds is missing" in answer.error for answer in answers)


@pytest.mark.parametrize(
    "body",
    [
        "\n".join((FEATURES, *ROWS)) + "\n",
        "\n".join(ROWS),
        "\r\n".join((",".join(reversed(NAMES)), *(",".join(row.split(",")[::-1]) for row in ROWS))),
        "\n".join((f"Sepal.Length,{FEATURES}", *(f"0,{row}" for row in ROWS))),
    ],
    ids=["with a header", "without one", "columns in another order", "with the target, which is ignored"],
)
def test_each_row_is_answered_as_predict_answers_in_a_plain_r_session(
    served: Served, expected: list[float], body: str
) -> None:
    assert served.score(body) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (json.dumps(RECORDS), "application/json"),
        (json.dumps(COLUMNS), "application/json; charset=utf-8"),
        (json.dumps(ARRAYS), "application/json"),
        (json.dumps({"instances": RECORDS}), "application/json"),
        (json.dumps({"instances": ARRAYS}), "application/json"),
        ("\n".join(map(json.dumps, RECORDS)), "application/jsonlines"),
        ("\n".join(map(json.dumps, ARRAYS)) + "\n", "application/jsonlines"),
    ],
    ids=["records", "columns", "arrays", "instances", "instances of arrays", "lines", "lines of arrays"],
)
def test_json_is_answered_like_csv_and_in_kind(
    served: Served, expected: list[float], body: str, content_type: str
) -> None:
    answer = served.invoke(body, content_type)

    assert answer.predictions == pytest.approx(expected, rel=1e-9)
    assert answer.type == content_type.partition(";")[0]


@pytest.mark.parametrize("wanted", ["text/csv", "application/json", "application/jsonlines"])
def test_the_answer_is_in_the_format_that_accept_asks_for(served: Served, expected: list[float], wanted: str) -> None:
    for body, content_type in ("\n".join(ROWS), "text/csv"), (json.dumps(RECORDS), "application/json"):
        answer = served.invoke(body, content_type, accept=f"text/html, {wanted};q=0.9, */*;q=0.1")

        assert answer.type == wanted
        assert answer.predictions == pytest.approx(expected, rel=1e-9)


CSV_REFUSALS = [
    ("", "the request is empty: send rows of CSV"),
    ("Sepal.Width,Petal.Length\n1,2\n", "the header lacks"),
    ("Sepal.Widht,Petal.Length,Petal.Width,Species\n1,2,3,setosa\n", "did you mean `Sepal.Width`"),
    (f"{FEATURES},color\n{ROWS[0]},red\n", 'the model has no feature "color"'),
    ("3.5,1.4,0.2,setosa\n3.5,1.4,0.2\n", "row 2 has 3 fields"),
    ("3.5,1.4,0.2,daisy\n", '"daisy" is a level that the model has not seen'),
    ("3.5,NA,0.2,setosa\n", "row 1, line 1, column `Petal.Length`"),
    ("3.5,long,0.2,setosa\n", '"long" is not a number'),
]
JSON_REFUSALS = [
    ("", "the request is not JSON"),
    ("[]", "the request has no rows"),
    ('[{"Species": "setosa"}]', "row 1: `Sepal.Width`, `Petal.Length`, `Petal.Width` are missing"),
    (json.dumps([{**RECORDS[0], "Petal.Width": None}]), "row 1, column `Petal.Width`: null is missing"),
    (json.dumps([{**RECORDS[0], "Petal.Width": "1"}]), 'row 1, column `Petal.Width`: "1" is not a number'),
    (json.dumps([{**RECORDS[0], "Species": 1}]), "row 1, column `Species`: 1 is not text"),
    (json.dumps([{**RECORDS[0], "color": "red"}]), 'row 1: the model has no feature "color"'),
    (json.dumps([ARRAYS[0], ARRAYS[0][:3]]), "row 2 has 3 values, but the model expects 4"),
]


@pytest.mark.parametrize(
    ("content_type", "body", "said"),
    [("text/csv", *refusal) for refusal in CSV_REFUSALS]
    + [("application/json", *refusal) for refusal in JSON_REFUSALS],
)
def test_what_the_model_cannot_score_is_refused_with_its_place(
    served: Served, content_type: str, body: str, said: str
) -> None:
    answer = served.invoke(body, content_type)

    assert answer.status == 400
    assert said in answer.error


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", {}, 404),
        ("GET", "/ping/", {}, 404),
        ("DELETE", "/ping", {}, 405),
        ("GET", "/invocations", {}, 405),
        ("POST", "/invocations", {}, 415),
        ("POST", "/invocations", {"content_type": "text/plain"}, 415),
        ("POST", "/invocations", {"content_type": "text/csv", "accept": "image/png"}, 406),
    ],
)
def test_the_rules_of_http_are_kept(
    served: Served, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = served.send(method, path, ROWS[0].encode(), **headers)

    assert answer.status == status
    assert answer.error
    assert ("Allow" in answer.headers) == (status == 405)


def test_a_body_beyond_the_limit_is_413(served: Served) -> None:
    row = f"{ROWS[0]}\n"
    limit = 6 * 2**20

    assert len(served.invoke(row * (limit // len(row))).predictions) == limit // len(row)
    assert "larger than 6 MiB" in served.invoke(row * (limit // len(row) + 1)).error


def test_batch_transform_is_told_what_it_may_send(served: Served) -> None:
    told = json.loads(served.send("GET", "/execution-parameters").text)

    assert told.keys() == {"MaxConcurrentTransforms", "BatchStrategy", "MaxPayloadInMB"}
    assert told["MaxPayloadInMB"] == 6


def test_the_container_describes_itself_as_openapi(served: Served) -> None:
    described = json.loads(served.send("GET", "/openapi.json").text)

    assert described["openapi"].startswith("3.")
    assert described["components"]["schemas"]["Record"]["required"] == NAMES


@pytest.mark.parametrize("server", SERVERS)
def test_sigterm_ends_every_process_of_the_server(trained: Ml, server: str) -> None:
    with serving(trained, RETUNE_SERVER=server) as served:
        served.process.send_signal(signal.SIGTERM)

        assert served.process.wait(DEADLINE_S) == 0
        eventually(lambda: group_is_gone(served.process.pid))
