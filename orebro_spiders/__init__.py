"""The news wire of Örebro county: reads every newsroom, keeps one archive, gives the news out again."""

__version__ = "0.1.0"
