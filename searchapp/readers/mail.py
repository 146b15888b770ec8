"""Mail (`.eml`, `.mbox`): an article a message, and the attachments of each message."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from typing import Final

from searchapp.article import Record
from searchapp.errors import BadRecordError
from searchapp.readers import heading, html, stated_facts
from searchapp.readers.items import Bad, Items, Note
from searchapp.readers.markup import paragraphs
from searchapp.text.encodings import decode
from searchapp.text.normalize import normalize

MAX_MESSAGES: Final = 5_000
# A message of a mailbox begins after a blank line with the word From; texts escape that word.
_FROM: Final = re.compile(rb"(?:\A|\r?\n\r?\n)From [^\r\n]+\r?\n")
_ESCAPED: Final = re.compile(rb"^>(>*From )", re.MULTILINE)

_COLUMNS: Final = re.compile(r"\t+|\s{3,}")  # of a letterhead that was pasted as text

_Attached = Callable[[bytes, str], Items]


def read_mailbox(data: bytes, name: str, attached: _Attached) -> Items:
    """Yield all messages of a mailbox. attached: reads an attachment. Raises BadRecordError for another file."""
    starts = [found.end() for found in _FROM.finditer(data)]
    ends = [*(found.start() for found in _FROM.finditer(data)), len(data)][1:]
    if not starts or not data.startswith(b"From "):
        raise BadRecordError("not a mailbox", code="format")
    if len(starts) > MAX_MESSAGES:
        yield Note(name, 0, "cut", f"only the first {MAX_MESSAGES:,} of {len(starts):,} messages were read")
    for row, (start, end) in enumerate(zip(starts[:MAX_MESSAGES], ends, strict=False), start=1):
        yield from _message(_ESCAPED.sub(rb"\1", data[start:end]), name, row, attached)


def read_message(data: bytes, name: str, attached: _Attached) -> Items:
    """Yield the one message of a file. Raises BadRecordError for another file."""
    yield from _message(data, name, 0, attached)


def read_page(data: bytes, name: str) -> Items:
    """Yield a web page saved with its pictures in one file (MHTML). Raises BadRecordError for another file."""
    message = message_from_bytes(data, policy=policy.default)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    content = page.get_payload(decode=True) if page is not None else None
    if not isinstance(content, bytes):
        raise BadRecordError("not a saved web page", code="format")
    said = (message["snapshot-content-location"], page["content-location"] if page is not None else None)
    address = next((" ".join(str(one).split()) for one in said if one), "")
    for item in html.read(decode(content).text, name):
        if isinstance(item, Record) and not item.url and address.startswith(("http://", "https://")):
            item = replace(item, url=address)
        yield item


def _message(data: bytes, name: str, row: int, attached: _Attached) -> Items:
    message = message_from_bytes(data, policy=policy.default)
    if not isinstance(message, EmailMessage) or not (message["from"] or message["subject"]):
        raise BadRecordError("not a message", code="format")
    subject, sender = _header(message, "subject"), parseaddr(_header(message, "from"))[0]
    text = "\n".join(_lines(message))
    files = list(_files(message))
    if text.strip():
        # Addresses stay out: people did not write them for everybody.
        record = Record(
            id=_header(message, "message-id"), title=subject, text=text, date=_date(message), author=sender,
            path=name, row=row,
        )  # fmt: skip
        yield stated_facts.stated(record, _document(text))
    elif not files:
        yield Bad(name, row, "no text", code="empty")
    for filename, content in files:
        yield from attached(content, f"{name}/{row}/{filename}" if row else f"{name}/{filename}")


def _document(text: str) -> heading.Heading | None:
    """Return the heading of an official document that was pasted into a message, between greeting and signature."""
    lines = (part for line in normalize(text).split("\n") for part in _COLUMNS.split(line.strip()))
    within = stated_facts.document_within([" ".join(line.split()) for line in lines if line.strip()])
    return heading.find(within) if within else None


def _lines(message: EmailMessage) -> list[str]:
    body = message.get_body(("plain", "html"))
    if body is None:
        return []
    content = body.get_content()
    if body.get_content_subtype() == "html":
        return paragraphs(content)
    # A quotation was another message.
    return [line for line in content.splitlines() if not line.startswith(">")]


def _files(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    for part in message.iter_attachments():
        filename = (part.get_filename() or "").replace("/", "_").strip()
        content = part.get_payload(decode=True)
        if filename and isinstance(content, bytes):
            yield filename, content


def _header(message: EmailMessage, name: str) -> str:
    return " ".join(str(message[name] or "").split())


def _date(message: EmailMessage) -> str:
    """Return the day in the sender's zone."""
    try:
        return parsedate_to_datetime(_header(message, "date")).date().isoformat()
    except ValueError:
        return ""
