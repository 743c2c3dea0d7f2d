"""The bills desk: what stations took in is paid in here, by deadline, and answered."""
