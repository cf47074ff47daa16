"""`mail`: what the local emulator caught in place of sending it."""

from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli import console, place

if TYPE_CHECKING:
    from infra.local.mail import Mail

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
To = Annotated[
    str | None, typer.Option("--to", metavar="ADDRESS", help="Only mail to this address.")
]


def mail(to: To = None, as_json: Json = False) -> None:
    """The mail that was caught since the emulator was started, oldest first.

    Letters that are under way are waited for, up to ten seconds.
    """
    from infra.deploy import Cloud
    from infra.local.deployment import deployed, running
    from infra.local.mail import caught, wait_for_what_is_under_way

    workspace = running(place.here())
    cloud = Cloud.local(workspace.endpoint)
    queue = deployed(cloud, workspace.stack)["MailQueueUrl"]
    if not wait_for_what_is_under_way(cloud.client("sqs"), queue):
        console.note("some letters are still under way; ./run.sh logs mailer tells why")
    found = [each for each in caught(workspace) if to is None or each.is_to(to)]
    if as_json:
        console.as_json([each.facts() for each in found])
    else:
        _show(found)


def _show(mails: "list[Mail]") -> None:
    if not mails:
        console.line("no mail was caught")
    for number, each in enumerate(mails):
        if number:
            console.line("-" * 72)
        facts = each.facts()
        console.facts({"To": each.to, "Subject": each.subject, "Sent": facts["sent_at"]})
        console.line()
        console.line(each.text.rstrip())
