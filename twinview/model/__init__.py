"""What a district is: layers, networks, time, series, problems. Plain values."""
