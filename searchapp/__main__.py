"""`python -m searchapp` is the console command."""

from searchapp.cli import main

if __name__ == "__main__":
    main()
