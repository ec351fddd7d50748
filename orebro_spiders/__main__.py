"""`python -m orebro_spiders`: the `orebro` command where it is not installed."""

from orebro_spiders.cli import main

if __name__ == "__main__":
    main(prog_name="orebro")
