"""The tour: a working day played on the real window, with pictures and papers to look at."""
