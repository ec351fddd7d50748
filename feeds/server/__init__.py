"""`orebro serve`: what is published, and the archive's search, over HTTP. The room needs the extra `serve`.

command      starts it: address, options, and one line for what goes wrong
connections  how long a client may take, and how much it may send before it is answered; files are answered there
app          which address is answered by what
files        the files of `public/`, from memory
kept         a file in memory, with its headers
conditions   what the headers of a request ask for: encodings, entity tags, dates, types
searches     what `/sok` and its feeds are asked, and what answers
searchpage   the search page
api          the JSON API: articles, sources, channels, health
openapi      its description
lookups      questions asked of the archive: read-only, few at a time, each bounded in time
limits       how often a client may ask
answers      what is made when it is asked for, and answers that say no
records      what the API says
runs         crawls and builds meanwhile
"""
