"""The pages: what people read who have no feed reader. Static HTML, without scripts, asking no other host for anything.

layout        what all pages have in common, and how a template becomes a page
front         the front page
tilemap       its map of the county
lists         pages of channels and of days
articles      the page of an article
subscribe     how to subscribe
health        how the sources stand
about         what this is, and what stands where nothing is found
structured    what pages say to machines
sitemap       what search engines are told
swedish       dates, numbers and the alphabet as readers know them
"""
