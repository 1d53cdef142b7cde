"""Words to classification: what a client's message asks for, and whether it lies outside the agreement."""
