"""The schema of `news.db`, step by step. A step that has been released is never edited: add the next one."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("orebro-news")


@migrations()
def m001_first(db: Database) -> None:
    """Sources, articles with their other names and earlier versions, fetches, hosts, crawls."""
    db.executescript(
        """
        create table sources (
            name text primary key,
            rung text,               -- which way in worked last
            rung_at text,            -- since when; a better way is tried again after a day
            cursor text              -- how far a walk has come (the spider's own JSON)
        ) without rowid;

        create table articles (
            pk integer primary key,
            id text not null unique,
            url text not null unique,
            source text not null,
            kind text not null,
            native_id text,
            title text not null,
            summary text not null default '',
            text text not null default '',
            html text not null default '',
            authors text not null default '[]',
            published text not null,
            published_precision text not null,
            published_from text not null,
            updated text,            -- as the newsroom states it
            image text,
            categories text not null default '[]',
            municipalities text not null default '[]',
            language text not null default 'sv',
            content_hash text not null,
            duplicate_of text references articles(id),
            story text,
            first_seen text not null,
            last_seen text not null,
            changed_at text,         -- when we last saw its content change
            gone_at text
        );
        create index articles_newest on articles(published desc, id);
        create index articles_source on articles(source, published desc);
        create unique index articles_native on articles(source, native_id) where native_id is not null;
        create index articles_content on articles(source, content_hash);
        create index articles_title on articles(source, title);
        create index articles_copies on articles(duplicate_of) where duplicate_of is not null;

        create table aliases (
            kind text not null,      -- 'url', 'guid' or 'headline'
            name text not null,
            source text not null,    -- '' for addresses: they are the same for everyone
            article text not null references articles(id),
            primary key (kind, source, name)
        ) without rowid;

        create table versions (
            pk integer primary key,
            article text not null references articles(id),
            seen_at text not null,     -- when this content was first seen
            replaced_at text not null,
            title text not null,
            summary text not null,
            text text not null,
            html text not null,
            updated text,
            content_hash text not null
        );
        create index versions_article on versions(article, replaced_at);

        create table fetches (
            url text primary key,
            source text not null,
            etag text,
            last_modified text,
            body_hash text,
            status integer,
            checked_at text,           -- null: known and wanted, not read yet
            not_before text,
            tries integer not null default 0,    -- failed readings of a wanted page
            misses integer not null default 0,   -- times that a known page was not there
            missed_since text
        ) without rowid;
        create index fetches_open on fetches(source) where checked_at is null or misses > 0;

        create table hosts (
            host text primary key,
            not_before text,           -- Retry-After, remembered across runs
            reason text,
            robots text,
            robots_status integer,
            robots_at text
        ) without rowid;

        create table revision (number integer not null);  -- goes up with every change that is given out
        insert into revision values (0);
        create trigger articles_added after insert on articles begin update revision set number = number + 1; end;
        create trigger articles_removed after delete on articles begin update revision set number = number + 1; end;
        create trigger articles_changed after update of
            id, url, source, kind, title, summary, text, html, authors, published, published_precision,
            published_from, updated, image, categories, municipalities, language, duplicate_of, story,
            changed_at, gone_at
        on articles begin update revision set number = number + 1; end;

        create table crawls (
            pk integer primary key,
            run text not null,
            source text not null,
            started_at text not null,
            finished_at text,
            verdict text,              -- ok | unchanged | waiting | failing | stopped
            rung text,
            requests integer not null default 0,
            bytes integer not null default 0,
            unchanged integer not null default 0,
            seen integer not null default 0,
            new integer not null default 0,
            changed integer not null default 0,
            duplicates integer not null default 0,
            gone integer not null default 0,
            seconds real not null default 0,
            problems text not null default '[]'   -- one line each: [{"url": …, "problem": …}]
        );
        create index crawls_source on crawls(source, started_at desc);
        """
    )


@migrations()
def m002_rhythm(db: Database) -> None:
    """When a source is due again, and how many challenge pages stood in the way."""
    db.executescript(
        """
        alter table crawls add column challenges integer not null default 0;
        alter table crawls add column due_at text;
        """
    )


@migrations()
def m003_given_out(db: Database) -> None:
    """What feeds are made from without reading articles: at which revision each last changed, and its terms."""
    db.executescript(
        """
        alter table articles add column revision integer not null default 0;  -- of the whole archive, see `revision`
        create index articles_seen on articles(first_seen, source, revision, gone_at, duplicate_of);

        create table terms (
            scheme text not null,    -- 'category' or 'municipality'
            term text not null,
            article integer not null,
            primary key (scheme, term, article)
        ) without rowid;
        create index terms_article on terms(article);
        insert or ignore into terms select 'category', value, pk from articles, json_each(categories);
        insert or ignore into terms select 'municipality', value, pk from articles, json_each(municipalities);

        drop trigger articles_added;
        create trigger articles_added after insert on articles begin
            update revision set number = number + 1;
            update articles set revision = (select number from revision) where pk = new.pk;
            insert or ignore into terms select 'category', value, new.pk from json_each(new.categories);
            insert or ignore into terms select 'municipality', value, new.pk from json_each(new.municipalities);
        end;
        drop trigger articles_removed;
        create trigger articles_removed after delete on articles begin
            update revision set number = number + 1;
            delete from terms where article = old.pk;
        end;
        drop trigger articles_changed;
        create trigger articles_changed after update of
            id, url, source, kind, title, summary, text, html, authors, published, published_precision,
            published_from, updated, image, categories, municipalities, language, duplicate_of, story,
            changed_at, gone_at
        on articles begin
            update revision set number = number + 1;
            update articles set revision = (select number from revision) where pk = new.pk;
        end;
        create trigger articles_retold after update of categories, municipalities on articles
        when old.categories <> new.categories or old.municipalities <> new.municipalities begin
            delete from terms where article = new.pk;
            insert or ignore into terms select 'category', value, new.pk from json_each(new.categories);
            insert or ignore into terms select 'municipality', value, new.pk from json_each(new.municipalities);
        end;
        """
    )


@migrations()
def m004_search(db: Database) -> None:
    """Full-text search: the index, where each of its entries belongs, its words, and what is still to be indexed."""
    db.executescript(
        """
        -- Without the text itself. `marks` are source, kind and municipalities: s-bladet t-news k-orebro alla.
        create virtual table articles_fts using fts5(
            title, body, marks, content = '', tokenize = "unicode61 remove_diacritics 0 tokenchars '-'"
        );
        insert into articles_fts(articles_fts, rank) values ('hashsize', 67108864);

        create table search_entries (
            entry integer primary key, -- rowid in articles_fts: hours since 1970 of its date * 65536 + a number
            article integer unique     -- null when the article has another entry since
        );

        create table search_words (
            word text primary key,     -- as it stands in the index
            stem text not null,
            bare text not null,        -- the word without å, ä and ö
            bare_stem text not null
        ) without rowid;
        create index search_words_stem on search_words(stem);
        create index search_words_bare on search_words(bare);
        create index search_words_bare_stem on search_words(bare_stem);

        create table search_queue (article integer primary key);
        insert into search_queue select pk from articles;
        create trigger search_added after insert on articles begin
            insert or ignore into search_queue values (new.pk);
        end;
        create trigger search_changed after update of
            title, summary, text, published, source, kind, municipalities
        on articles when
            (old.title, old.summary, old.text, old.published, old.source, old.kind, old.municipalities) is not
            (new.title, new.summary, new.text, new.published, new.source, new.kind, new.municipalities)
        begin
            insert or ignore into search_queue values (new.pk);
        end;
        """
    )


@migrations()
def m005_fields(db: Database) -> None:
    """The picture's caption and credit, whether everybody may read all of it, and where each field was read."""
    db.executescript(
        """
        alter table articles add column image_caption text not null default '';
        alter table articles add column image_credit text not null default '';
        alter table articles add column is_free integer;  -- 1 or 0; null where nobody says
        alter table articles add column origins text not null default '{}';  -- {"title": "json-ld", …}

        drop trigger articles_changed;
        create trigger articles_changed after update of
            id, url, source, kind, title, summary, text, html, authors, published, published_precision,
            published_from, updated, image, image_caption, image_credit, is_free, categories, municipalities,
            language, duplicate_of, story, changed_at, gone_at
        on articles begin
            update revision set number = number + 1;
            update articles set revision = (select number from revision) where pk = new.pk;
        end;
        """
    )


@migrations()
def m006_inserted_once(db: Database) -> None:
    """A new article comes with its revision: writing its row a second time cost as much as the first."""
    db.executescript(
        """
        drop trigger articles_added;
        create trigger articles_added after insert on articles begin
            update revision set number = number + 1;
            update articles set revision = (select number from revision)
                where pk = new.pk and revision <> (select number from revision);
            insert or ignore into terms select 'category', value, new.pk from json_each(new.categories);
            insert or ignore into terms select 'municipality', value, new.pk from json_each(new.municipalities);
        end;
        """
    )


@migrations()
def m007_stories(db: Database) -> None:
    """The articles of a story in the order in which they were published."""
    db.executescript("create index articles_story on articles(story, published) where story is not null")
