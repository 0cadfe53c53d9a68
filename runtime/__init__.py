"""The processes: supervisor, relay, executor, mailbox."""
