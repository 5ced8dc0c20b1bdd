"""`python -m cli`, as the launcher calls it."""

from cli.app import main

if __name__ == "__main__":
    main()
