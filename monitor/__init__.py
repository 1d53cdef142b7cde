"""Client Health Monitor: from a coach's mailbox to a weekly digest.

The folders follow a message's way through the house:

    mailbox → message → classification → store → health → digest → outbox

``pipelines`` joins the stages, ``service`` and ``cli`` are the entrances.
"""

__version__ = "0.1.0"
