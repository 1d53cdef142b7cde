"""``python -m monitor`` is ``client-monitor``."""

from monitor.cli import main

main()
