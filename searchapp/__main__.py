"""Run the console command by `python -m searchapp`."""

from searchapp.cli import main

if __name__ == "__main__":
    main()
