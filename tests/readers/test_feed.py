"""Feeds as files: RSS, Atom, JSON Feed."""

import json

import pytest

from searchapp.errors import BadRecordError
from searchapp.readers import feed
from searchapp.readers.items import Bad, Note

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Báo &lt;b&gt;Phường&lt;/b&gt;</title>
<item><title>Hội &lt;i&gt;nghị&lt;/i&gt;</title><link>https://example.org/1</link><guid>bai-1</guid>
<pubDate>Wed, 15 Sep 2021 23:30:00 +0700</pubDate><category>Thời sự</category><author>Thu Hà</author>
<description>&lt;p&gt;Đoạn một.&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;&lt;p&gt;Đoạn hai.&lt;/p&gt;</description></item>
<item><title>Rỗng</title></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Báo</title><entry><id>urn:1</id><title>Hội nghị</title>
<link href="https://example.org/1"/><updated>2021-09-15T08:00:00+07:00</updated><summary>Ngắn.</summary>
<content type="html">&lt;p&gt;Đoạn dài hơn.&lt;/p&gt;</content></entry></feed>"""
JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Báo",
    "items": [
        {"id": "1", "url": "https://example.org/1", "title": "Hội nghị",
         "content_html": "<p>Đoạn một.</p><p>Đoạn hai.</p>",
         "date_published": "2021-09-15T08:00:00+07:00", "tags": ["Thời sự"], "authors": [{"name": "Thu Hà"}]},
        {"id": "2", "content_text": "Chữ."}, {"id": "3"}, 5,
    ],
}  # fmt: skip


def test_rss():
    record, bad = feed.read_xml(RSS.encode(), "a.rss")
    assert (record.id, record.url, record.title, record.source) == (
        "", "https://example.org/1", "Hội nghị", "Báo Phường",
    )  # fmt: skip
    assert (record.date, record.section, record.author) == ("2021-09-15", "Thời sự", "Thu Hà")
    assert (record.text, record.row) == ("Đoạn một.\nĐoạn hai.", 1)
    assert bad == Bad("a.rss", 2, "no text", code="empty")


def test_atom_takes_the_longer_text():
    (record,) = feed.read_xml(ATOM.encode(), "a.atom")
    assert (record.id, record.text, record.date) == ("", "Đoạn dài hơn.", "2021-09-15T08:00:00+07:00")


def test_json_feed():
    one, two, no_text, no_object = feed.read_json(json.dumps(JSON).encode(), "a.json")
    assert (one.id, one.title, one.text) == ("", "Hội nghị", "Đoạn một.\nĐoạn hai.")
    assert (one.section, one.author, one.source) == ("Thời sự", "Thu Hà", "Báo")
    assert (two.id, two.text) == ("2", "Chữ.")
    assert no_text == Bad("a.json", 3, "no text", code="empty")
    assert no_object == Bad("a.json", 4, "not an object", code="format")


def test_only_so_many_entries_are_read(monkeypatch):
    monkeypatch.setattr(feed, "MAX_ENTRIES", 1)
    note, _ = feed.read_json(json.dumps(JSON).encode(), "a.json")
    assert note == Note("a.json", 0, "cut", "only the first 1 of 4 entries were read")


@pytest.mark.parametrize(
    "data",
    [
        b"<html><body>404</body></html>",
        b"",
        b"x",
        b"<urlset/>",
        b"/etc/passwd",
        b"https://example.org/feed",
        b"<!DOCTYPE rss><rss version='2.0'><channel/></rss>",
        "<!ENTITY x 'y'><rss/>".encode("utf-16"),
    ],
    ids=range(8),
)
def test_what_is_no_feed_is_refused(data):
    with pytest.raises(BadRecordError):
        list(feed.read_xml(data, "a.xml"))


@pytest.mark.parametrize("data", [b"{}", b"[]", b"x", b'{"version": 5}', b'{"version": "jsonfeed.org", "items": {}}'])
def test_other_json_is_refused(data):
    with pytest.raises(BadRecordError):
        list(feed.read_json(data, "a.json"))
