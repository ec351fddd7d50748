"""The pages: what people read who have no feed reader. Static HTML, without scripts, asking no other host for anything.

layout        what all pages have in common, and how a template becomes a page
swedish       dates, times and the alphabet as readers know them
front         the front page
"""
