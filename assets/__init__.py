"""Files that travel with the program: the demo clip and the icons."""
