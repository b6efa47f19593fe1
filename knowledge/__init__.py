"""FAQ, Indonesian text, matching and places: what the product knows."""
