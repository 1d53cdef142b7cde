"""The daemon as one would first write it: ``python -m bench.plain_daemon HOST PORT USER MODEL``.

It imports everything that the program consists of, scikit-learn too, keeps the model in memory, and waits in IDLE. It
says ``ready`` when it has imported and loaded everything, ``waiting`` when it waits.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

from imapclient import IMAPClient
from servers.dovecot import PASSWORD

import monitor
from monitor.classification import model_file


def main() -> None:
    """Wait until standard input ends."""
    host, port, user, model = sys.argv[1:]
    for module in pkgutil.walk_packages(monitor.__path__, "monitor."):
        if not module.name.endswith(("__main__", "migrations.env")) and ".versions." not in module.name:
            importlib.import_module(module.name)
    kept = model_file.load(Path(model))
    print(f"ready {kept.version}", flush=True)
    with IMAPClient(host, int(port), ssl=False) as client:
        client.login(user, PASSWORD)
        client.select_folder("INBOX", readonly=True)
        client.idle()
        print("waiting", flush=True)
        sys.stdin.read()
        client.idle_done()


if __name__ == "__main__":
    main()
