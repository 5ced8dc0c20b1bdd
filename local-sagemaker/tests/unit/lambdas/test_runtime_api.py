"""Lambda's Runtime API answers the runtime client only."""

import http.client
from queue import SimpleQueue
from typing import Any

import pytest

from local_sagemaker.lambdas.runtime_api import RuntimeApi

OF_PAGES = [{"Origin": "http://evil.test"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.test"}]
NEXT = ("GET", "/2018-06-01/runtime/invocation/next")
RESPONSE = ("POST", "/2018-06-01/runtime/invocation/1/response")


@pytest.mark.parametrize("headers", OF_PAGES)
@pytest.mark.parametrize("call", [NEXT, RESPONSE])
def test_a_page_neither_takes_events_nor_answers_them(call: tuple[str, str], headers: dict[str, str]) -> None:
    inbox: SimpleQueue[Any] = SimpleQueue()
    api = RuntimeApi(inbox)
    connection = http.client.HTTPConnection(api.address, timeout=30)

    connection.request(*call, headers=headers)
    status = connection.getresponse().status
    connection.close()
    api.close()

    assert status == 403
    assert inbox.empty()
