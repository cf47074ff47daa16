"""What is sent to SQS is what SQS takes; moto would take anything."""

import re

from chalicelib.adapters.queue import SqsQueue
from tests.integration.cloud import Cloud
from tests.samples import a_job

TAKEN = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
EVERY = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x10100), 0x1F642, 0x10FFFF]))


def test_a_message_has_no_character_that_sqs_refuses(cloud: Cloud) -> None:
    queue = SqsQueue(cloud.sqs, cloud.settings.queues)
    queue.send(a_job(input={"text": EVERY}), "light")
    queue.send_all([a_job(input={"text": EVERY})], "light")

    alone, together = cloud.wire.bodies
    for text in (alone["MessageBody"], together["Entries"][0]["MessageBody"]):
        assert TAKEN.fullmatch(text)
