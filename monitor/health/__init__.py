"""Facts + agreement + now → how each client is doing. Pure: the same input always gives the same answer."""
