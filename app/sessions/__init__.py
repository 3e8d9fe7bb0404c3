"""Sessions: folders of ordinary files that hold a recording, and the library of them. No Qt."""
