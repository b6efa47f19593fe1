"""HTTP: web chat, officer and admin pages, health."""
