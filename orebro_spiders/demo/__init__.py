"""The pretend county: invented news sites on loopback, for `orebro demo` and for every end-to-end test.

    with County(now) as county:
        county.sites["narkebladet"].url     # 'http://127.0.0.1:PORT/'
        county.truth("narkebladet")         # what is published there, newest first
        county.advance()                    # new, edited and withdrawn posts: county.changes

All text is ours and every person, company and event in it is made up. `content/*.toml` holds the newsrooms,
`templates/` the markup. The package needs the standard library and Jinja2, and nothing else of the project.
"""

from orebro_spiders.demo.county import County
from orebro_spiders.demo.newsroom import Changes, Edit, Newsroom
from orebro_spiders.demo.posts import Post
from orebro_spiders.demo.server import Request, Site
from orebro_spiders.demo.wordpress import Switches

__all__ = ["Changes", "County", "Edit", "Newsroom", "Post", "Request", "Site", "Switches"]
