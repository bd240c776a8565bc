"""`python -m voicecare` is the command line."""

from voicecare.commands.cli import main

main()
