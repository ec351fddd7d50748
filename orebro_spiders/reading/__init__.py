"""Pages to fields: pure functions without network, database or clock."""
