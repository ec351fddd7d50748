"""The news given out: feeds that any reader can subscribe to, and pages.

    channels      which feeds exist: a name, a title, a query
    topics        the ten subjects that newsrooms' categories are brought to
    archives      what is older than a feed shows, by month
    entries       what a feed says about an article: the one model that all formats come from
    stock         the entries that documents are made of, each made once
    syndication   entries as RSS 2.0 and Atom
    jsonfeed      entries as JSON Feed
    opml          the list of all feeds
    pages         the pages that people read
    documents     all of that, each with what it is made from
    files         written whole and only when their bytes differ
    publish       makes and writes what is not there already
    websub        tells a hub what has changed
    server        all of it over HTTP, with search and an API
    addresses     where they are served, and their ids

The same archive and settings give the same bytes: nothing here asks the clock.
"""
