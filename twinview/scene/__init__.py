"""From what the user wants to see (`View`) to what is to be seen (`Scene`): plain values."""
