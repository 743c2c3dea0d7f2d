"""Messages to villagers: the queue of all stations, the gateway, what it answers."""
