"""Typed text. By the grammar of the query language nearly everything is ordinary text: 400 is for what is absurd."""

from __future__ import annotations

from typing import NamedTuple


class Typed(NamedTuple):
    """q, status; says: in the message of a 400; same: another query with the same hits; total: how many."""

    id: str
    q: str
    status: int = 200
    says: str = ""
    same: str = ""
    total: int | None = None


CASES = (
    Typed("Q1 empty", ""),
    Typed("Q1 spaces", "   ", same=""),
    Typed("Q1 ideographic space", "\u3000", same=""),
    Typed("Q1 zero width", "\u200b\u200b", same=""),
    Typed("Q2 star", "*", same=""),
    Typed("Q2 stars", "***"),
    Typed("Q2 field star", "*:*"),
    Typed("Q3 infix", "*a*", same="a"),
    Typed("Q3 leading", "*nghị", same="nghị"),
    Typed("Q3 question marks", "?????", same=""),
    Typed("Q4 one letter", "a*", same="a"),
    Typed("Q4 two letters", "ng*"),
    Typed("Q5 twenty infixes", " OR ".join(["*x*"] * 20), same="x"),
    Typed("Q6 fuzzy", "nghị~9", same="nghị 9"),
    Typed("Q7 regex", r"(a+)+$", same="a"),
    Typed("Q7 slashes", "/[a-z]{1,9}/", same="a z 1 9"),
    Typed("Q8 text range", "[a TO z]", same="a to z"),
    Typed("Q9 a hundred ORs", " OR ".join(["an"] * 85), same="an"),
    Typed("Q9 a thousand ORs", " OR ".join(f"w{n}" for n in range(1000)), 414),
    Typed("Q9 two hundred ORs", " OR ".join(f"w{n}" for n in range(200)), 400, "512 ký tự"),
    Typed("Q10 long phrase", '"' + "đảng bộ " * 40 + '"', 400, "64 âm tiết"),
    Typed("Q10 endless phrase", '"' + "đảng " * 2000 + '"', 414),
    Typed("Q11 slop", '"đảng bộ"~500', same='"đảng bộ" 500'),
    Typed("Q11 huge slop", '"đảng bộ"~99999999999', same='"đảng bộ" 99999999999'),
    Typed("Q12 deep", "(" * 500),
    Typed("Q12 deeper", "(" * 2000, 400, "512 ký tự"),
    Typed("Q12 alternating", "(đảng OR (" * 45 + "bộ", same="đảng OR bộ"),
    Typed("Q12 closed", "(" * 200 + "đảng" + ")" * 200, same="đảng"),
    *(Typed(f"Q13 {sign}", f"{sign}", same="") for sign in "\"()[]{}'"),
    Typed("Q13 open quote", '"đảng', same='"đảng"'),
    *(
        Typed(f"Q14 {text[:12]}", text)
        for text in ("AND", "OR", "NOT", "đảng AND", "NOT NOT đảng", "OR OR", "NOT " * 60)
    ),
    Typed("Q15 only not", "-đảng", 400, "Cần ít nhất một từ"),
    Typed("Q15 NOT word", "NOT đảng"),
    Typed("Q15 minus alone", "-", same=""),
    Typed("Q15 minus phrase", '-"đảng bộ"', 400, "Cần ít nhất một từ"),
    Typed("Q16 script", "<script>alert(1)</script>", same="script alert 1"),
    Typed("Q16 end tag", "</b>", same="b"),
    Typed("Q17 boost", "đảng^" + "9" * 400, same="đảng " + "9" * 400),
    Typed("Q18 Vietnamese date", "tu:30/04/1975", same="tu:1975-04-30"),
    Typed("Q18 with words", "đảng tu:1/1/2020 den:2030"),
    Typed("Q19 no day", "tu:31/02/2021", 400, "31/02/2021"),
    Typed("Q19 year 0", "den:0000-01-01", 400, "0000-01-01"),
    Typed("Q19 month 13", "tu:2013-13-01", 400, "2013-13-01"),
    Typed("Q19 brackets", "date:[30/04/1975 TO 01/01/1976]"),
    Typed("Q20 a word", 'tu:"hôm nay"', 400, "hôm nay"),
    Typed("Q20 no field", "date:hôm nay", same="date hôm nay"),
    Typed("Q21 not a number", "tu:nan", 400, "nan"),
    Typed("Q21 infinite", "tu:1e400", 400, "1e400"),
    Typed("Q21 25 digits", "tu:" + "1" * 25, 400, "111"),
    *(
        Typed(f"Q22 {text}", text, same=words)
        for text, words in (
            ("secret:draft", "secret draft"),
            ("path:*", "path"),
            ("__class__:x", "class x"),
            ("id:x", "id x"),
            ("body_f:đảng", "body f đảng"),
        )
    ),
    Typed("Q23 decomposed", "nghi\u0323 quye\u0302\u0301t", same="nghị quyết"),
    Typed("Q23 old tone", "hoà bình", same="hòa bình"),
    Typed("Q23 no accents", "nghi quyet"),
    Typed("Q23 capitals", "NGHỊ QUYẾT", same="nghị quyết"),
    Typed("Q24 full width", "ｎghị quyết", same="nghị quyết"),
    Typed("Q24 full width throughout", "ｎｇｈị　ｑｕｙếｔ　０５－ＮＱ／ＴＵ", same="nghị quyết 05-NQ/TU"),
    Typed("Q24 no-break space", "nghị\u00a0quyết", same="nghị quyết"),
    Typed("Q24 tabs and lines", "nghị\tquyết\r\n", same="nghị quyết"),
    Typed("Q25 nul", "đảng\x00bộ", 400, "ký tự điều khiển"),
    Typed("Q25 escape", "\x1b[31mđảng", 400, "ký tự điều khiển"),
    Typed("Q25 bell", "\x07", 400, "ký tự điều khiển"),
    Typed("Q26 lone surrogate", "\ud800", 400),
    Typed("Q27 direction", "nghị\u202e quyết", same="nghị quyết"),
    Typed("Q27 mark at the start", "\ufeffnghị quyết", same="nghị quyết"),
    Typed("Q27 soft hyphen", "ng\u00adhị quyết", same="nghị quyết"),
    Typed("Q28 emoji", "🇻🇳 đảng 👩‍👩‍👧"),
    Typed("Q28 astral", "𝔑𝔤𝔥ị 𐍈 𝟘𝟝"),
    Typed("Q29 many", "a " * 5000, 414),
    Typed("Q29 one token", "a" * 1_000, 400, "512 ký tự"),
    *(
        Typed(f"Q30 {text[:8]}", text)
        for text in ("' OR 1=1 --", "${jndi:ldap://x}", "{{7*7}}", "%s%n%x", "../../etc/passwd", "`id`", "\\\\x\\y")
    ),
    # Our own.
    Typed("+ field without value", "tu:"),
    Typed("+ field in field", "tu:den:tu:", 400, "den:tu:"),
    Typed("+ field twice", "tu:2020 tu:2021 den:2022", 200),
    Typed("+ dates crossed", "tu:2022 den:2020", 400, "Hãy đổi lại hai ngày"),
    Typed("+ field in quotes", '"tu:2020"'),
    Typed("+ unknown theme", "chu-de:khong-co", total=0),
    Typed("+ theme in quotes", 'chu-de:"dan van" đảng'),
    Typed("+ open field quote", 'van-ban:"05-NQ'),
    Typed("+ number and signs", "05-NQ/TU*", 200),
    Typed("+ minus number", "-05-NQ/TU", 400, "Cần ít nhất một từ"),
    Typed("+ numbers only", "05 05 05 05"),
    Typed("+ slashes", "////////"),
    Typed("+ combining flood", "đ" + "\u0301" * 300),
    Typed("+ only marks", "\u0301\u0302"),
    Typed("+ syllable of 400", "đ" * 400),
    Typed("+ telex", "nghij quyeets", same="nghị quyết"),
    Typed("+ nested not", "-(-(-đảng))", 400, "Cần ít nhất một từ"),
    Typed("+ empty parentheses", "()()()", same=""),
    Typed("+ parentheses in phrase", '"(đảng) (bộ)"', same='"đảng bộ"'),
    Typed("+ curly quotes", "“đảng bộ”", same='"đảng bộ"'),
    Typed("+ guillemets", "«đảng bộ»", same='"đảng bộ"'),
    Typed("+ lower case or", "đảng or bộ"),
    Typed("+ star in the middle", "đả*ng"),
    Typed("+ prefix of nothing", "zzzzzz*", total=0),
    Typed("+ prefix in phrase", '"đảng b*"'),
    Typed("+ prefix negated", "đảng -ng*"),
    Typed("+ 64 syllables", " ".join(f"từ{n}" for n in range(64))),
    Typed("+ as long as allowed", "đảng bộ " * 64),
    Typed("+ Ð of Iceland", "Ðảng bộ", same="đảng bộ"),
    Typed("+ line separators", "đảng\u2028bộ\u2029"),
    Typed("+ private use", "\ue000\uf8ff"),
    Typed("+ not a character", "\ufffe\uffff"),
    Typed("+ Hebrew and Arabic", "שלום مرحبا đảng"),
    Typed("+ Chinese", "共產黨"),
    Typed("+ url", "https://example.org/?q=1&x=<y>#z"),
    Typed("+ json", '{"q": ["đảng", null]}'),
    Typed("+ percent", "100% %25 %u0041 %ff"),
    Typed("+ xml entity", "&amp;&lt;&#x27;&nbsp;"),
)
