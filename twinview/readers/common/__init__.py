"""What several readers share: texts, archives, geometry, ids, heights, times."""
