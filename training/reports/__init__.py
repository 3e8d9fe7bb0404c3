"""What is told of the data and of trained networks: `data`, `report`, `compare`."""
