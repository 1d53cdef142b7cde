"""From raw messages to facts, in a short-lived child process with limits.

The text of strangers is parsed, and the model loaded, only there: a hang, a flood or a crash costs one message,
and the waiting daemon stays small.
"""
