"""The two languages of the product: texts by gettext, dates and numbers by Babel."""
