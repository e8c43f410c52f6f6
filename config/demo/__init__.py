"""`make demo`: the whole job of a quarter on a sample province, with real processes: database, broker, bank, web, workers."""
