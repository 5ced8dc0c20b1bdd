"""Files dropped into the bucket of a local AWS that is up: what starts a tuning job, and what does not."""

from tests.support.local.command_line import Up
from tests.support.local.pipeline_client import DATA, SPEC, Person

CHANGED = DATA.replace(b"5.1,3.5", b"5.2,3.5")


def test_five_files_in_a_burst_one_of_them_by_parts_start_one_tuning_job(up: Up) -> None:
    person = Person(up, "burst")

    person.put("tuning.json", SPEC)
    for number in range(4):
        person.put(f"train/part-{number}.csv", DATA)
    person.put_by_parts("train/part-4.csv", [DATA])
    record = person.tuned()

    assert len(person.tuning_jobs()) == 1
    assert len(record["data"]["files"]) == 5


def test_the_order_of_data_and_spec_does_not_matter_and_the_message_arrives(up: Up) -> None:
    person = Person(up, "order")
    person.put("train/iris.csv", DATA)
    person.put("tuning.json", SPEC)

    record = person.tuned()

    assert record["best"]["hyperparameters"]["target"] == "Sepal.Length"
    assert record["told"] and "order" in up.said()
    assert record["best"]["training_job"].encode() in person.report_in_the_overview()


def test_the_same_bytes_start_nothing_again_whatever_their_etag_and_explain_says_why(up: Up) -> None:
    person = Person(up, "same")
    person.put("train/iris.csv", DATA)
    person.put("tuning.json", SPEC)
    person.tuned()

    person.put("train/iris.csv", DATA)
    person.put("train/iris.csv", DATA, ServerSideEncryption="aws:kms")
    person.put_by_parts("train/iris.csv", [DATA])
    person.decided("Nothing", "already tuned this exact data")

    person.explained("already tuned this exact data")
    assert len(person.tuning_jobs()) == 1


def test_a_change_starts_one_the_way_back_and_a_removal_start_none(up: Up) -> None:
    person = Person(up, "back")
    person.put("train/iris.csv", DATA)
    person.put("train/more.csv", DATA)
    person.put("tuning.json", SPEC)
    person.tuned()
    person.put("train/iris.csv", CHANGED)
    person.tuned(times=2)

    person.put("train/iris.csv", DATA)
    person.decided("Nothing", "already tuned this exact data")
    person.put("train/iris.csv", CHANGED)
    person.remove("train/more.csv")
    person.decided("Nothing", "removed")

    assert len(person.tuning_jobs()) == 2


def test_a_refused_dataset_costs_nothing_names_the_fix_and_is_healed_by_correcting_one_file(up: Up) -> None:
    person = Person(up, "heal")
    person.put("train/iris.csv", DATA)
    reason = person.decided("Refuse", "target")["reason"]
    assert "Sepal.Length" in reason and person.tuning_jobs() == []

    person.put("validation/iris.csv", DATA.replace(b"Petal.Width,", b""))
    person.put("tuning.json", SPEC)
    person.decided("Refuse", "validation/iris.csv")
    person.put("validation/iris.csv", DATA)
    person.tuned()

    assert len(person.tuning_jobs()) == 1


def test_missing_values_are_refused_until_the_spec_says_what_becomes_of_them(up: Up) -> None:
    person = Person(up, "gaps")
    person.put("train/iris.csv", DATA.replace(b"5.1,3.5", b"5.1,NA", 1))
    person.put("tuning.json", SPEC)
    reason = person.decided("Refuse", "train/iris.csv line 2, column `Sepal.Width`")["reason"]
    assert "set `missing` to drop or impute" in reason and person.tuning_jobs() == []

    person.put("tuning.json", SPEC.replace("{", '{"missing": "impute", ', 1))
    record = person.tuned()

    assert record["best"]["hyperparameters"]["missing"] == "impute"
    assert "train has 1 missing value" in record["warnings"][0]


def test_a_header_one_field_short_is_refused_with_both_counts(up: Up) -> None:
    person = Person(up, "short")
    person.put("train/iris.csv", DATA.replace(b"Sepal.Length,", b"", 1))
    person.put("tuning.json", SPEC)

    reason = person.decided("Refuse", "train/iris.csv")["reason"]

    assert "5" in reason and "4" in reason and person.tuning_jobs() == []


def test_a_text_target_is_refused_by_name(up: Up) -> None:
    person = Person(up, "text")
    person.put("train/iris.csv", DATA)
    person.put("tuning.json", '{"target": "Species"}')

    reason = person.decided("Refuse", "Species")["reason"]

    assert "number" in reason and person.tuning_jobs() == []
