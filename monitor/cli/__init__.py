"""The command line: every command of the contract."""

from monitor.cli.entrance import main

__all__ = ["main"]
