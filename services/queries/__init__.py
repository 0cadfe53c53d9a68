"""What pages show, as typed values: one file a page. Each takes a database, the reader and the present; none writes."""
