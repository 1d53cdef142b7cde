"""The flows of the product, each on one page; they are handed mailbox, store and outbox by the entrances."""
