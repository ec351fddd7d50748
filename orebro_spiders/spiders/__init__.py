"""One module per publishing platform. Each names its spider class `SPIDER`."""
