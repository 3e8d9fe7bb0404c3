"""What is told of trained networks: a page about one (`report`) and a table of all (`compare`)."""
