"""What every run without a window shares: its parts, the names and files of its results, its report and its end."""
