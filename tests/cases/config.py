"""Settings and the command line."""

from __future__ import annotations

from typing import NamedTuple

SETTINGS, DISK, USAGE = 78, 74, 2


class Run(NamedTuple):
    """A settings file, arguments ({top}: a folder with an empty `corpus/`), and how the command ends."""

    id: str
    toml: bytes
    arguments: tuple[str, ...]
    code: int
    says: str


def stats(id: str, toml: bytes, says: str) -> Run:
    return Run(id, toml, ("stats",), SETTINGS, says)


CASES = (
    Run("C1 missing", b"", ("--config", "{top}/none.toml", "stats"), SETTINGS, "no such file"),
    Run("C1 empty", b"", ("stats",), 1, "searchapp reindex"),
    stats("C1 not UTF-8", b'title = "\xe9"', "not UTF-8"),
    stats("C1 unknown key", b'titel = "x"', "did you mean 'title'"),
    stats("C1 wrong type", b'port = "80"', "port must be"),
    stats("C1 broken", b'title = "x\n', "line 1"),
    stats("C2 YAML object", b"!!python/object/apply:os.system ['id']", "line 1"),
    stats("C2 anchors", b"a: &a [*a, *a]", "line 1"),
    Run("C3 the root", b"", ("reindex", "{top}/corpus", "--index", "/"), SETTINGS, "--index"),
    Run("C3 the source", b"", ("reindex", "{top}/corpus", "--index", "{top}/corpus"), SETTINGS, "another --index"),
    Run("C3 a file", b"", ("reindex", "{top}/corpus", "--index", "{top}/corpus/a.txt"), SETTINGS, "not a folder"),
    Run("C3 below a file", b"", ("reindex", "{top}/corpus", "--index", "{top}/corpus/a.txt/x"), SETTINGS, "folder"),
    stats("C4 everybody", b'embed_origins = ["*"]', "embed_origins"),
    stats("C4 path", b'embed_origins = ["https://a.example/x"]', "embed_origins"),
    stats("C4 header", b'embed_origins = ["https://a.example; script-src *"]', "embed_origins"),
    stats("C4 newline", b'embed_origins = ["https://a.example\\nX: y"]', "embed_origins"),
    stats("C4 null", b'embed_origins = ["null"]', "embed_origins"),
    stats("C5 port 0", b"port = 0", "port"),
    stats("C5 port 99999", b"port = 99999", "port"),
    Run("C5 taken", b"", ("serve", "--port", "{taken}"), SETTINGS, "choose another with --port"),
    stats("C7 negative", b"trusted_proxies = -1", "trusted_proxies"),
    stats("C7 huge", b"threads = 1000000", "threads"),
    stats("C7 zero", b"threads = 0", "threads"),
    stats("C7 no request at all", b'rate_limit = "0 per minute"', "rate_limit"),
    stats("C7 no weight of text", b"[weights]\nb = 2", "0 to 1"),
    stats("C7 weight", b"[weights]\nk1 = -1", "0 to 100"),
    Run("C8 nothing", b"", ("reindex", "{top}/empty"), 1, "--allow-shrink"),
    # Our own.
    Run("+ two settings files", b"title = 'a'\ntitle = 'b'", ("stats",), SETTINGS, "stands twice"),
    stats("+ a table for a text", b"[title]\nx = 1", "title"),
    stats("+ infinite weight", b"[weights]\nk1 = inf", "0 to 100"),
    stats("+ truth for a number", b"port = true", "port"),
    stats("+ unknown engine", b'engine = "elastic"', "engine"),
    Run("+ no such folder", b"", ("reindex", "{top}/nowhere"), USAGE, "no such file or folder"),
    Run("+ unknown command", b"", ("reindexx",), USAGE, "No such command"),
    Run("+ jobs 0", b"", ("reindex", "{top}/corpus", "--jobs", "0"), USAGE, "--jobs"),
    Run("+ rollback of nothing", b"", ("rollback", "--index", "{top}/none"), 1, "searchapp reindex"),
    Run("+ check of nothing", b"", ("check", "--index", "{top}/none"), 1, "searchapp reindex"),
    Run("+ absurd query", b"", ("search", "a", "--from", "31/02/2021"), USAGE, "31/02/2021"),
)
