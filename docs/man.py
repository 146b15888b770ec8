"""Writes the manual pages from the code: `python docs/man.py` (make reference). A test compares them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from searchapp import __version__
from searchapp.cli import cli
from searchapp.cli.speech import meaning_of, told

FOLDER = Path(__file__).parent / "man"
# English and Vietnamese: the headings, and what stands at the end.
HEADS = {
    "en": ("NAME", "SYNOPSIS", "COMMANDS", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "SEE ALSO"),
    "vi": ("TÊN", "CÚ PHÁP", "CÁC LỆNH", "TÙY CHỌN", "MÃ THOÁT", "BIẾN MÔI TRƯỜNG", "XEM THÊM"),
}
EXITS = {
    "en": "0 done; 1 our error, in one line; 2 usage; 3 done, but look at the report; 71 memory; 74 disk; "
    "75 busy; 78 settings.",
    "vi": "0 xong; 1 lỗi, nói trong một dòng; 2 sai cách dùng; 3 xong nhưng cần xem báo cáo; 71 bộ nhớ; 74 đĩa; "
    "75 đang bận; 78 thiết lập.",
}
ENVIRONMENT = {
    "en": "SEARCHAPP_LANG (vi or en) chooses the language, else the locale. "
    "SEARCHAPP_ and the name of a setting sets it.",
    "vi": "SEARCHAPP_LANG (vi hoặc en) chọn ngôn ngữ, nếu không thì theo locale. "
    "SEARCHAPP_ kèm tên thiết lập để đặt thiết lập đó.",
}


def page(lang: str) -> str:
    """The manual page of all commands, as roff."""
    name, synopsis, commands, options, exits, environment, also = HEADS[lang]
    context = click.Context(cli, info_name="searchapp")
    lines = [
        f'.TH SEARCHAPP 1 "" "searchapp {__version__}"',
        f".SH {name}",
        f"searchapp \\- {roff(told(cli.help or '', lang))}",
        f".SH {synopsis}",
        ".B searchapp\n[--config FILE] COMMAND [ARGS]",
        f".SH {options}",
        *option_lines(cli, context, lang),
        f".SH {commands}",
        *command_lines(cli, context, lang),
        f".SH {exits}\n{roff(EXITS[lang])}",
        f".SH {environment}\n{roff(ENVIRONMENT[lang])}",
        f".SH {also}\ndocs/operations.md, docs/reference.md",
    ]
    return "\n".join(lines) + "\n"


def command_lines(group: click.Group, context: click.Context, lang: str) -> Iterator[str]:
    """Each command with its options, and those below it."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context)
        yield f".SS {roff(' '.join([inner.command_path, *command.collect_usage_pieces(inner)]))}"
        yield roff(told(" ".join((command.help or "").split()), lang))
        yield from option_lines(command, inner, lang)
        if isinstance(command, click.Group):
            yield from command_lines(command, inner, lang)


def option_lines(command: click.Command, context: click.Context, lang: str) -> Iterator[str]:
    """The options of one command."""
    for one in command.params:
        if record := one.get_help_record(context):
            names, meaning = record
            yield f".TP\n.B {roff(names)}\n{roff(meaning_of(meaning, lang))}"


def roff(text: str) -> str:
    """A text that roff takes for nothing else."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"(?m)^([.'])", r"\\&\1", text)


def files() -> dict[Path, str]:
    """What is written where."""
    return {FOLDER / "searchapp.1": page("en"), FOLDER / "vi" / "searchapp.1": page("vi")}


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
