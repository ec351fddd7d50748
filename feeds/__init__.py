"""The news given out: feeds that any reader can subscribe to, and a front page.

    channels      which feeds exist: a name, a title, a query
    entries       what a feed says about an article: the one model that all formats come from
    syndication   entries as RSS 2.0 and Atom
    opml          the list of all feeds
    pages         the front page
    documents     all of that, made in memory
    publish       the documents as files, written whole and only when their bytes differ
    addresses     where they are served, and their ids

The same archive and settings give the same bytes: nothing here asks the clock.
"""
