"""The shell: the window, its keys and its widgets. It knows no service."""
