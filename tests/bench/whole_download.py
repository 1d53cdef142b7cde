"""A plain download with IMAPClient: ``python -m bench.whole_download HOST PORT USER FOLDER``, every byte to a file."""

from __future__ import annotations

import sys
from pathlib import Path

from imapclient import IMAPClient
from servers.dovecot import PASSWORD

BATCH = 500


def main() -> None:
    """Fetch everything in batches, and write each mail into a file of its own."""
    host, port, user, folder = sys.argv[1:]
    with IMAPClient(host, int(port), ssl=False) as client:
        client.login(user, PASSWORD)
        client.select_folder("INBOX", readonly=True)
        uids = client.search()
        for start in range(0, len(uids), BATCH):
            for uid, told in client.fetch(uids[start : start + BATCH], ["BODY.PEEK[]"]).items():
                (Path(folder) / f"{uid}.eml").write_bytes(told[b"BODY[]"])


if __name__ == "__main__":
    main()
