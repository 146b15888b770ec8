"""HTML pages, and text whose encoding lies."""

from __future__ import annotations

from cases.foreign import Foreign, P, page

CASES = (
    Foreign("H3 nested", "a.html", lambda: "<div>" * 2_000 + f"<p>{P * 9}</p>", text="ngày hội", count=1),
    Foreign("H3 nested too deep", "a.html", lambda: "<div>" * 100_000 + f"<p>{P * 9}</p>", bad="nested too deep"),
    Foreign("H4 scripts", "a.html", page(
        "<script>bimat1()</script><style>bimat2{}</style><template>bimat3</template><!-- bimat4 --><p onclick='bimat5()'>x</p>"
    ), text="ngày hội", lacks=("bimat1", "bimat2", "bimat3", "bimat4", "bimat5")),
    Foreign("H5 escaped twice", "a.html", page(f"<p>{P}&amp;lt;img onerror&amp;gt; {P}</p>"), text="<img onerror>"),
    Foreign("H6 windows-1258", "a.txt", lambda: ("Đảng bộ phường họp dân\n" * 30).replace("ả", "a\u0309").replace("ộ", "ô\u0323")
            .replace("ườ", "ươ\u0300").replace("ọ", "o\u0323").encode("cp1258"), text="Đảng bộ", note="encoding"),
    Foreign("H6 UTF-16 without mark", "a.txt", lambda: ("Đảng bộ phường họp dân. " * 30).encode("utf-16-le"), text="Đảng bộ"),
    Foreign("H6 another than it says", "a.html", lambda: b"<meta charset=utf-8><article>" + b"<p>\xae\xb6ng b\xe9 ph\xad\xeang h\xe4p d\xa9n.</p>" * 40,
            text="đảng bộ phường họp dân", note="encoding"),
    Foreign("H6 a few bytes of nothing", "a.txt", lambda: (P * 50).encode() + b"\xff\xfe\xff" + (P * 20).encode(), text="ngày hội", note="encoding"),
    Foreign("H6 letters of every language", "a.jsonl", lambda: '{"title": "Công ty cà phê", "text": "Cà phê và trà là hàng hóa."}',
            text="Cà phê và trà là hàng hóa", title="Công ty cà phê"),
    Foreign("H6 half an encoding", "a.txt", lambda: b"\xff\xe9\xfa" * 500, bad="encoding"),
    Foreign("H7 refresh and base", "a.html", page("", "<title>Tin</title><base href='javascript:1'><meta http-equiv=refresh content='0;url=//evil.example'>"),
            text="ngày hội", lacks=("javascript:", "evil.example")),
    Foreign("H8 text without end", "a.txt", lambda: P * 45_000, text="ngày hội", note="cut"),
    Foreign("H9 empty", "a.html", lambda: b"", bad="empty file"),
    Foreign("H9 spaces", "a.html", lambda: " \n\t ", bad="empty file"),
    Foreign("H9 only links", "a.html", lambda: "<ul>" + "<li><a href=/x>Trang chủ</a></li>" * 9 + "</ul>", bad="no article"),
    Foreign("H10 image as page", "a.html", lambda: b"\x89PNG\r\n\x1a\n" + bytes(500), bad="holds an image"),
    Foreign("H10 page as PDF", "a.pdf", page(""), bad="holds HTML"),
    Foreign("H11 title of a megabyte", "a.html", page("", f"<title>{'dài ' * 250_000}</title>"), text="toàn dân tộc", title="dài " * 74 + "dài…"),
    Foreign("H11 title of tags", "a.html", page("", "<title><b></b></title>"), text="ngày hội", title=P.strip()),
    Foreign("H11 no title", "a.html", page("", ""), text="ngày hội", title=P.strip()),
    Foreign("H12 nul and surrogates", "a.html", page("<p>a\x00b &#xD800; &#0; xin chào</p>"), text="ngày hội", lacks=("\x00", "\ud800")),
    Foreign("+ numeric references", "a.html", page("<p>&#x110;&#7843;ng &#99999999; b&#7897;</p>"), text="Đảng"),
    Foreign("+ svg and math", "a.html", page("<svg><script>bimat()</script><text>x</text></svg><math><mi>y</mi></math>"), text="ngày hội", lacks=("bimat",)),
    Foreign("+ frames only", "a.html", lambda: "<frameset><frame src=//evil.example></frameset>", bad="no article"),
    Foreign("+ attribute of a megabyte", "a.html", page(f"<p title='{'x' * (1 << 20)}'>{P}</p>"), text="ngày hội"),
    Foreign("+ broken markdown head", "a.md", lambda: f"---\ntitle: [\n---\n\n{P}", bad="front matter is not YAML"),
    Foreign("+ YAML object in a head", "a.md", lambda: f"---\ntitle: !!python/object/apply:os.system ['id']\n---\n\n{P}", bad="title must be text"),
)  # fmt: skip
