"""The weekly letter: a digest as blocks, and these as text, as HTML, and as the mail that goes to the coach alone."""
