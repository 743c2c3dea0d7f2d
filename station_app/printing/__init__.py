"""The printing room: a paper as plain data, its dots, the printer's language, and the queue."""
