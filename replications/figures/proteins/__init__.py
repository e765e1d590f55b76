"""Contacts, distances and structures as a page shows them."""
