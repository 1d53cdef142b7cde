"""Secrets: asked of the keyring and of nothing else."""
