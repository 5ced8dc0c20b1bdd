"""`entrypoint serve` as SageMaker calls it, with real R."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.container_process import IRIS, TARGET, Ml, Served, eventually, group_is_gone, in_plain_r, serving

FEATURES = "Sepal.Width,Petal.Length,Petal.Width,Species"
ROWS = ["3.5,1.4,0.2,setosa", "2.8,4.5,1.3,versicolor", "3,5.8,2.2,virginica"]
PREDICTIONS = """
x <- function(rows) model.matrix(~ Sepal.Width + Petal.Length + Petal.Width + Species, rows)[, -1]
fit <- mars(x(flowers), flowers$Sepal.Length, degree = 1, thresh = 0.001, prune = TRUE)
asked <- data.frame(
  Sepal.Width = c(3.5, 2.8, 3), Petal.Length = c(1.4, 4.5, 5.8), Petal.Width = c(0.2, 1.3, 2.2),
  Species = factor(levels(flowers$Species), levels(flowers$Species))
)
cat(sprintf("%.17g", predict(fit, x(asked))))
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Ml:
    """As an endpoint has it: the model folder and nothing else of the training job."""
    ml = Ml.of(tmp_path_factory.mktemp("trained"), TARGET, train={"iris.csv": IRIS})
    assert ml.train().code == 0
    endpoint = tmp_path_factory.mktemp("endpoint")
    (ml.root / "model").rename(endpoint / "model")
    return Ml(endpoint)


@pytest.fixture(scope="module")
def served(trained: Ml) -> Iterator[Served]:
    with serving(trained) as running:
        yield running


@pytest.fixture(scope="module")
def expected() -> list[float]:
    return in_plain_r(PREDICTIONS)


def test_a_container_with_a_model_is_healthy(served: Served) -> None:
    assert served.ask("/ping")[0] == 200


def test_a_container_without_a_model_is_not(tmp_path: Path) -> None:
    with serving(Ml.of(tmp_path, TARGET)) as empty:
        assert empty.ask("/ping")[0] == 503
        status, text = empty.ask("/invocations", f"{FEATURES}\n{ROWS[0]}\n")
    assert (status, json.loads(text)) == (503, {"error": "no model is loaded"})


@pytest.mark.parametrize(
    "body",
    [
        "\n".join((FEATURES, *ROWS)) + "\n",
        "\n".join(ROWS),
        "\r\n".join(
            ("Species,Petal.Width,Petal.Length,Sepal.Width", *(",".join(row.split(",")[::-1]) for row in ROWS))
        ),
        "\n".join((f"Sepal.Length,{FEATURES}", *(f"0,{row}" for row in ROWS))),
    ],
    ids=["with a header", "without one", "columns in another order", "with the target, which is ignored"],
)
def test_each_row_is_answered_as_predict_answers_in_a_plain_r_session(
    served: Served, expected: list[float], body: str
) -> None:
    assert served.score(body) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "the request is empty: send rows of CSV"),
        ("Sepal.Width,Petal.Length\n1,2\n", "the header lacks"),
        ("Sepal.Widht,Petal.Length,Petal.Width,Species\n1,2,3,setosa\n", "did you mean `Sepal.Width`"),
        ("3.5,1.4,0.2,setosa\n3.5,1.4,0.2\n", "row 2 has 3 fields"),
        ("3.5,1.4,0.2,daisy\n", '"daisy" is a level that the model has not seen'),
        ("3.5,NA,0.2,setosa\n", "column `Petal.Length`"),
        ("3.5,long,0.2,setosa\n", '"long" is not a number'),
    ],
)
def test_what_the_model_has_never_seen_is_refused_with_its_place(served: Served, body: str, said: str) -> None:
    status, text = served.ask("/invocations", body)

    assert status == 400
    assert said in json.loads(text)["error"]


def test_another_content_type_is_refused(served: Served) -> None:
    status, text = served.ask("/invocations", "[]", content_type="application/json")

    assert status == 415
    assert "must be text/csv" in json.loads(text)["error"]


def test_sigterm_ends_the_server(trained: Ml) -> None:
    with serving(trained) as served:
        served.process.send_signal(signal.SIGTERM)

        served.process.wait(timeout=5)
        eventually(lambda: group_is_gone(served.process.pid), within_s=5)
