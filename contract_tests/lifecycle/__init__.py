"""Lifecycles: rows created, edited, issued, booked, moved, labelled and deleted in any order, as anybody."""
