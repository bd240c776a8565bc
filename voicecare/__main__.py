"""`python -m voicecare` is the command line."""

from voicecare.commands.cli import main

if __name__ == "__main__":
    main()
