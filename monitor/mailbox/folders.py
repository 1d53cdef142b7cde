"""Find the folders to read in a server's listing: inbox, sent mail, the children of a parent folder.

Nothing here talks to a server: the same listing always gives the same folder. Names are compared without
regard to case, accents and Unicode form, because servers, mail programs and people write them differently.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

MAX_FOLDERS = 5_000  # of a listing that are looked at
MAX_NAME = 500  # characters; a folder with a longer name is passed over

# The most telling first: where a server has several of them, the earlier is the one that mail programs fill.
SENT_NAMES = (
    "Gesendet",
    "Gesendete Objekte",
    "Gesendete Elemente",
    "Gesendete Nachrichten",
    "Gesendete",
    "Gesendete Mails",
    "Gesendete E-Mails",
    "Sent",
    "Sent Items",
    "Sent Messages",
    "Sent Mail",
    "Sent Mails",
    "Sent-Mail",
    "Envoyés",
    "Éléments envoyés",
    "Messages envoyés",
    "Objets envoyés",
    "Courrier envoyé",
    "Posta inviata",
    "Inviata",
    "Inviati",
    "Elementi inviati",
    "Messaggi inviati",
)
# Some servers keep their own folders below one of these instead of at the top.
_CONTAINERS = ("[Gmail]", "[Google Mail]")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as the server lists it: its full name in Unicode, the delimiter of its levels, its flags.

    ``delimiter`` is None on servers without levels. ``flags`` are those of LIST, such as ``\\Sent``.
    """

    name: str
    delimiter: str | None
    flags: frozenset[str]

    @property
    def path(self) -> tuple[str, ...]:
        """The levels of the name, outermost first."""
        return tuple(self.name.split(self.delimiter)) if self.delimiter else (self.name,)

    @property
    def leaf(self) -> str:
        """The last level of the name: what people call the folder."""
        return self.path[-1]


def folded(name: str) -> str:
    """Return a name as it is compared: without accents, case, Unicode form and spaces around it."""
    plain = unicodedata.normalize("NFKD", name.strip())
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def find_inbox(folders: Iterable[Folder], configured: str | None = None, prefix: str = "") -> Folder | None:
    """Return the configured folder, or the one that every server calls INBOX; None if it is not listed.

    A configured folder that is not there is never replaced by another one. ``prefix`` is that of the personal
    namespace, such as ``INBOX.``.
    """
    if configured:
        return find_named(folders, configured, prefix)
    return next((folder for folder in _readable(folders) if folder.name.upper() == "INBOX"), None)


def find_sent(folders: Iterable[Folder], configured: str | None, prefix: str = "") -> Folder | None:
    """Return the folder where the coach's own mail is kept, None if there is none.

    The configured name counts before the server's mark for sent mail (SPECIAL-USE, RFC 6154), and that
    before the names that mail programs use at the top level. A configured folder that is not there is never
    replaced by another one. ``prefix`` is that of the personal namespace, such as ``INBOX.``.
    """
    if configured:
        return find_named(folders, configured, prefix)
    candidates = tuple(_readable(folders))
    # Dovecot's own example configuration marks two folders, and shared mailboxes carry their owner's marks.
    marked = [folder for folder in candidates if _has_flag(folder, "\\Sent")]
    at_top = [folder for folder in candidates if len(_personal_path(folder, prefix)) == 1]
    known = [folder for folder in at_top if _rank(folder) < len(SENT_NAMES)]
    # min() keeps the first of equals, so the answer depends on the listing alone.
    return min(marked or known, key=lambda folder: (folder not in at_top, _rank(folder)), default=None)


def find_below(folders: Iterable[Folder], parent: str, prefix: str = "") -> tuple[Folder, ...]:
    """Return the direct children of a parent folder at the top level, in the order of the listing.

    The parent may also lie below the personal namespace's ``prefix`` or below INBOX; it need not be listed,
    and may have several levels written with ``/``. Children that cannot be opened are left out.
    """
    wanted = _levels(parent, "/")
    return tuple(
        folder
        for folder in _readable(folders)
        if wanted and wanted in (_folded_path(path[:-1]) for path in _paths(folder, prefix))
    )


def find_named(folders: Iterable[Folder], name: str, prefix: str = "") -> Folder | None:
    """Return the folder of that name, with or without the namespace's prefix, levels also written with ``/``.

    The very same spelling counts before one that differs in case or accents.
    """
    candidates = tuple(_readable(folders))
    exact = next((folder for folder in candidates if folder.name == name), None)
    return exact or next((folder for folder in candidates if _is_called(folder, name, prefix)), None)


def _readable(folders: Iterable[Folder]) -> Iterator[Folder]:
    for folder in islice(folders, MAX_FOLDERS):
        closed = _has_flag(folder, "\\Noselect") or _has_flag(folder, "\\NonExistent")
        if not closed and 0 < len(folder.name) <= MAX_NAME:
            yield folder


def _has_flag(folder: Folder, flag: str) -> bool:
    return any(flag.casefold() == each.casefold() for each in folder.flags)


def _rank(folder: Folder) -> int:
    name = folded(folder.leaf)
    return next((rank for rank, known in enumerate(SENT_NAMES) if folded(known) == name), len(SENT_NAMES))


def _is_called(folder: Folder, name: str, prefix: str) -> bool:
    spellings = {_levels(name, folder.delimiter), _levels(name, "/")}
    return any(_folded_path(path) in spellings for path in _paths(folder, prefix))


def _paths(folder: Folder, prefix: str) -> tuple[tuple[str, ...], ...]:
    """Return the folder's path as listed and as seen from the personal namespace."""
    return folder.path, _personal_path(folder, prefix)


def _personal_path(folder: Folder, prefix: str) -> tuple[str, ...]:
    path = folder.path
    if prefix and folder.name.startswith(prefix) and len(folder.name) > len(prefix):
        inner = folder.name.removeprefix(prefix)
        return tuple(inner.split(folder.delimiter)) if folder.delimiter else (inner,)
    # INBOX is the parent on servers that announce no namespace; containers hold what is top level elsewhere.
    if len(path) > 1 and (path[0].upper() == "INBOX" or path[0] in _CONTAINERS):
        return path[1:]
    return path


def _levels(name: str, delimiter: str | None) -> tuple[str, ...]:
    return _folded_path(name.strip(delimiter).split(delimiter)) if delimiter else (folded(name),)


def _folded_path(levels: Iterable[str]) -> tuple[str, ...]:
    return tuple(folded(level) for level in levels)
