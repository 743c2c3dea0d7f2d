"""What hangs on the PC: each a small protocol with a real and a simulated end."""
