"""Nothing that was acknowledged is lost, whatever is killed: see `tests.reliability.kills`."""
