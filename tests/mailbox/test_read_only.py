"""Nothing in the package can write to a mailbox: no writing act, no writing command, no plain SELECT.

Three acts are allowed, each in one place: a copy into the review folder that the coach has made, the program's own
letter into the inbox, where the coach wants it to come that way, and a folder for filing that the coach has asked for.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import monitor

PACKAGE = Path(monitor.__file__).parent
LIBRARY_USER = "mailbox/imap.py"

ALLOWED = {
    "self._client.copy(list(uids), name)",  # the body of Mailbox.copy_for_review
    "self._client.append(name, letter)",  # the body of Mailbox.put_letter
    "self._client.create_folder(encode(full))",  # the body of Mailbox.make_labelled_folder
    "self._client.subscribe_folder(encode(full))",  # and there as well
}

# Acts of imapclient and imaplib that change a mailbox and whose names belong to nothing else.
WRITING = {
    "add_flags", "remove_flags", "set_flags", "add_gmail_labels", "remove_gmail_labels", "set_gmail_labels",
    "delete_messages", "multiappend", "expunge", "uid_expunge", "create_folder", "delete_folder",
    "rename_folder", "subscribe_folder", "unsubscribe_folder", "close_folder", "setacl", "deleteacl",
    "set_quota", "setquota", "setannotation", "proxyauth", "xatom",
}  # fmt: skip
# Lists, files and tables have acts of these names too: they count where a connection is what they act on.
WRITING_ON_A_CONNECTION = WRITING | {
    "append", "copy", "move", "store", "create", "delete", "rename", "select", "close", "enable", "subscribe",
    "unsubscribe",
}  # fmt: skip
COMMANDS = {
    "STORE", "APPEND", "COPY", "MOVE", "EXPUNGE", "CREATE", "DELETE", "RENAME", "SELECT", "CLOSE", "ENABLE",
    "REPLACE", "SUBSCRIBE", "UNSUBSCRIBE", "SETACL", "SETMETADATA",
}  # fmt: skip


def offences(source: str, module: str) -> Iterator[str]:
    """What in a module could change a mailbox, or gives it the means to."""
    near_mail = module.startswith("mailbox/")
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                imported = {each.name.split(".")[0] for each in names}
                yield from _forbidden_imports(imported, module)
            case ast.ImportFrom(module=str(name)):
                yield from _forbidden_imports({name.split(".")[0]}, module)
            case ast.Call(func=ast.Attribute(value=owner, attr=act)):
                spelled = ast.unparse(owner)
                connection = near_mail and ("client" in spelled or "imap" in spelled)
                if module == LIBRARY_USER and ast.unparse(node) in ALLOWED:
                    continue
                if act in WRITING or (connection and act in WRITING_ON_A_CONNECTION):
                    yield f"{module}:{node.lineno} calls {act}"
                if act == "select_folder" and "readonly=True" not in ast.unparse(node):
                    yield f"{module}:{node.lineno} opens a folder for writing"
            case ast.Constant(value=str(text)) if near_mail:
                if text.isupper() and COMMANDS & set(text.split()):
                    yield f"{module}:{node.lineno} commands {text}"
                # Answers are bytes; in a question only BODY.PEEK leaves a message unread.
                if "BODY[" in text or text.startswith("RFC822"):
                    yield f"{module}:{node.lineno} marks as read"


def _forbidden_imports(imported: set[str], module: str) -> Iterator[str]:
    if "imapclient" in imported and module != LIBRARY_USER:
        yield f"{module} imports imapclient"
    # For its errors, which are imapclient's, and nowhere else.
    if "imaplib" in imported and not module.startswith("mailbox/"):
        yield f"{module} imports imaplib"


def test_no_module_can_write_to_a_mailbox() -> None:
    modules = sorted(PACKAGE.rglob("*.py"))

    assert PACKAGE / LIBRARY_USER in modules
    assert [
        offence
        for module in modules
        for offence in offences(module.read_text(encoding="utf-8"), module.relative_to(PACKAGE).as_posix())
    ] == []


@pytest.mark.parametrize(
    "source",
    [
        "import imapclient.exceptions",
        "from imaplib import IMAP4",
        "anything.add_flags([1], [b'x'])",
        "mailbox.select_folder('INBOX')",
        "mailbox.select_folder('INBOX', readonly=False)",
    ],
)
def test_the_watch_sees_it_anywhere(source: str) -> None:
    assert list(offences(source, "letter/mail.py"))


@pytest.mark.parametrize(
    "source",
    [
        "self._client.append('INBOX', raw)",
        "client._imap.store('1', '+FLAGS', 'x')",
        "imap.uid('COPY', '1', 'Archiv')",
        "imap._simple_command('EXPUNGE')",
        "client.enable('IMAP4rev2')",
        "client.fetch(uids, ['BODY[]'])",
    ],
)
def test_the_watch_sees_it_where_the_connection_is(source: str) -> None:
    assert list(offences(source, "mailbox/imap.py"))


def test_lists_and_tables_may_be_written() -> None:
    assert not list(offences("rows.append(1); table.delete(); shutil.move(a, b)", "store/sqlite.py"))
