"""Starting and stopping: nothing is left behind."""

import urllib.error
import urllib.request
from pathlib import Path

import pytest

from localaws import LocalAws
from localaws.clients import client
from localaws.http_server import PortTaken, listen


def test_all_is_forgotten_at_stop_and_the_port_is_free_again(tmp_path: Path) -> None:
    with LocalAws(tmp_path) as aws:
        client("s3", aws.endpoint_url, aws.region).create_bucket(Bucket="kept")
        port = int(aws.endpoint_url.rsplit(":", 1)[1])

    with LocalAws(tmp_path, port=port) as again:
        assert client("s3", again.endpoint_url, again.region).list_buckets()["Buckets"] == []


def test_nobody_answers_after_stop(tmp_path: Path) -> None:
    with LocalAws(tmp_path) as aws:
        url = aws.endpoint_url
        urllib.request.urlopen(url).read()

    with pytest.raises(urllib.error.URLError, match="refused"):
        urllib.request.urlopen(url)


def test_stopping_twice_changes_nothing(tmp_path: Path) -> None:
    aws = LocalAws(tmp_path).start()
    aws.stop()
    aws.stop()


def test_a_failed_start_leaves_room_for_the_next(tmp_path: Path) -> None:
    with listen(0) as taken, pytest.raises(PortTaken, match="is taken by another program"):
        LocalAws(tmp_path, port=taken.getsockname()[1]).start()

    with LocalAws(tmp_path) as aws:
        assert aws.endpoint_url
