"""Practice: lessons that check themselves, in a window that is plainly not the real one."""
