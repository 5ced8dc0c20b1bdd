"""What is told of builds and of the training image."""

from chalicelib.events import BuildEnded
from chalicelib.messages.image import build_ended, image_changed

SUCCEEDED = BuildEnded("b:1", "retune-image", "SUCCEEDED", "", "")
FAILED = BuildEnded("b:2", "retune-image", "FAILED", "BUILD: exit status 1", "https://log")


def test_a_build_that_succeeded_says_which_image_is_current() -> None:
    message = build_ended(SUCCEEDED, "repo@sha256:1")

    assert message.subject == "[retune] retune-image: image build succeeded"
    assert "the current image is repo@sha256:1" in " ".join(message.body.split())
    assert "failed" not in message.body
    assert message.data["image"] == "repo@sha256:1"


def test_a_build_that_failed_says_what_failed_its_last_lines_and_where_the_log_is() -> None:
    message = build_ended(FAILED, log=["Error in fit_mars()", "x" * 400])

    assert "BUILD: exit status 1" in message.body and "https://log" in message.body
    assert "Its last lines\n  Error in fit_mars()\n  xxx" in message.body
    assert message.data["log"] == ["Error in fit_mars()", "x" * 297 + "..."]


def test_a_build_whose_image_cannot_be_used_says_so() -> None:
    assert "there is none that can be used." in " ".join(build_ended(SUCCEEDED).body.split())
    assert "for T1 is pinned and gone" in " ".join(build_ended(SUCCEEDED, None, "T1").body.split())


def test_another_image_is_told_with_both_and_why() -> None:
    message = image_changed(3, "repo@sha256:2", "repo@sha256:1", "T1")

    assert message.id == "image-changed:3"
    assert "its tag T1 was pinned" in message.body
    assert "Now\n  repo@sha256:2\nBefore\n  repo@sha256:1" in message.body
