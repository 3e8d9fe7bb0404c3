"""Reports on the data and on trained networks: `data`, `report`, `compare`."""
