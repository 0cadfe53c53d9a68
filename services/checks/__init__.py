"""What must hold of stored data at any time, one file a subject; `services.invariants` is the table and the entrance."""
