"""Writes docs/why.md: the help page of `voicecare why`, for who reads the documentation.

python scripts/make/why.py
"""

from __future__ import annotations

import argparse
from pathlib import Path

from voicecare.care.help.help import Help, Topic, load

PAGE = Path(__file__).resolve().parents[2] / "docs" / "why.md"
HEAD = """# {title}

{lead}

The same page stands in the product: `voicecare why` names the topics, `voicecare why acknowledge` tells one, and
`voicecare why --html why.html` writes it as one self-contained page whose anchors are those below; *Care*, *Why these
cues?* in the tray opens it at what the last cue asked for. A site puts its own line for help into `help-line.txt` (or
`help-line.zh-Hant.txt`) in the settings folder of the computer; `voicecare why` says where that is.
"""


def main() -> None:
    """Write the page."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    PAGE.write_text(page(load()), encoding="utf-8")


def page(told: Help) -> str:
    """The page, as Markdown."""
    sections = "\n".join(_section(topic) for topic in told.topics)
    words = told.words
    return f"{HEAD.format(**words)}\n{sections}\n## {words['help_title']}\n\n{words['help_line']}\n"


def _section(topic: Topic) -> str:
    sentences = "".join(f"- “{sentence}”\n" for sentence in topic.say)
    parts = [f'<a id="{topic.name}"></a>', f"## {topic.title}", topic.why]
    parts += [sentences.rstrip()] if sentences else []
    parts += [f"*{topic.known}*"] if topic.known else []
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    main()
