"""Jobs as SQS messages."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from pydantic import TypeAdapter, ValidationError

from chalicelib.adapters.aws import Client, available
from chalicelib.adapters.parallel import at_once
from chalicelib.domain.predictions import Job
from chalicelib.errors import Unavailable
from chalicelib.services.execution import Delivery

JOB = TypeAdapter(Job)
ENTRIES = 10
"""The most that SendMessageBatch takes in one call."""
LONGEST_CALL = 1024 * 1024 - 64 * 1024
"""Bytes of the messages of one call: under the 1 MiB that SQS takes."""
UNSENDABLE = {0xFFFE: r"\ufffe", 0xFFFF: r"\uffff"}
"""Characters that SQS refuses a message for, in the other spelling that JSON has for them."""

Urls = Mapping[str, Mapping[str, str]]
"""Of each worker profile its queues: `interactive`, where somebody waits, and `bulk`."""


class SqsQueue:
    """`ports.predictions.JobQueue` on SQS."""

    def __init__(self, client: Client, urls: Urls) -> None:
        self._client = client
        self._urls = urls

    def send(self, job: Job, worker: str) -> None:
        """One call."""
        with available("queue"):
            self._client.send_message(
                QueueUrl=self._urls[worker]["interactive"], MessageBody=_body(job)
            )

    def send_all(self, jobs: Sequence[Job], worker: str) -> Sequence[Job]:
        """One call for each ten, fewer where they are large; several at a time."""
        url, chunks = self._urls[worker]["bulk"], _chunks([(job, _body(job)) for job in jobs])
        lefts = at_once(lambda chunk: self._send_chunk(chunk, url), chunks)
        return [job for left in lefts for job in left]

    def _send_chunk(self, chunk: Sequence[tuple[Job, str]], url: str) -> list[Job]:
        entries = [{"Id": str(at), "MessageBody": body} for at, (_, body) in enumerate(chunk)]
        try:
            with available("queue"):
                answer = self._client.send_message_batch(QueueUrl=url, Entries=entries)
        except Unavailable:
            return [job for job, _ in chunk]
        return [chunk[int(each["Id"])][0] for each in answer.get("Failed", ())]

    def delete(self, records: Sequence[Mapping[str, Any]], message_ids: Collection[str]) -> None:
        """Of an event's records, all of one queue: one call for each ten.

        What cannot be deleted comes again, and is found to be done.
        """
        entries = [
            {"Id": str(at), "ReceiptHandle": record["receiptHandle"]}
            for at, record in enumerate(records)
            if record["messageId"] in message_ids
        ]
        url = self._url_of(records[0]["eventSourceARN"])
        chunks = [entries[at : at + ENTRIES] for at in range(0, len(entries), ENTRIES)]
        at_once(lambda chunk: self._delete_chunk(chunk, url), chunks)

    def _delete_chunk(self, chunk: Sequence[Mapping[str, str]], url: str) -> None:
        with suppress(Unavailable), available("queue"):
            self._client.delete_message_batch(QueueUrl=url, Entries=chunk)

    def _url_of(self, arn: str) -> str:
        name = f"/{arn.rpartition(':')[2]}"
        urls = (url for kinds in self._urls.values() for url in kinds.values())
        return next(url for url in urls if url.endswith(name))


def _chunks(bodies: Sequence[tuple[Job, str]]) -> Iterator[list[tuple[Job, str]]]:
    """As many together as one call takes."""
    chunk: list[tuple[Job, str]] = []
    size = 0
    for job, body in bodies:
        length = len(body.encode())
        if chunk and (len(chunk) == ENTRIES or size + length > LONGEST_CALL):
            yield chunk
            chunk, size = [], 0
        chunk.append((job, body))
        size += length
    if chunk:
        yield chunk


def _body(job: Job) -> str:
    text = json.dumps(vars(job), ensure_ascii=False, separators=(",", ":"))
    return text.translate(UNSENDABLE)


def named(urls: Urls) -> Mapping[str, str]:
    """The queues by the names that people know them by."""
    return {
        f"{profile}-{kind}": url for profile, kinds in urls.items() for kind, url in kinds.items()
    }


def delivery_of(record: Mapping[str, Any]) -> Delivery:
    """A record of a Lambda's SQS event; a body that is no job is delivered without one."""
    return Delivery(
        message_id=record["messageId"],
        attempt=int(record["attributes"]["ApproximateReceiveCount"]),
        job=_job(record["body"]),
    )


def _job(body: str) -> Job | None:
    try:
        return JOB.validate_json(body, strict=True)
    except ValidationError:
        return None
