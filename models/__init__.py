"""Tables, every query, and the migrations. No rules."""
