"""Tells phone numbers from other numbers, with the numbering plans of `phonenumbers`."""

from __future__ import annotations

from collections.abc import Sequence

from voicecare.errors import UsageError


class PhoneNumbers:
    """Says whether digits are a phone number of one of the regions, or of any with an international prefix.

    regions: two-letter codes such as "US"; the plans numbers without "+" are read in.

    Raises:
        UsageError: a region is not known.
    """

    def __init__(self, regions: Sequence[str] = ("US", "GB")) -> None:
        import phonenumbers

        unknown = [region for region in regions if region not in phonenumbers.SUPPORTED_REGIONS]
        if unknown:
            raise UsageError(f"no phone region is called {unknown[0]!r}; use two-letter country codes such as US or TW")
        self._regions = tuple(regions)
        self._library = phonenumbers

    def __call__(self, digits: str) -> bool:
        """Say whether `digits` (with or without a leading "+") is a valid number; shorter than 7 never is."""
        if len(digits) < 7:
            return False
        regions = (None,) if digits.startswith("+") else self._regions
        return any(self._valid(digits, region) for region in regions)

    def _valid(self, digits: str, region: str | None) -> bool:
        try:
            number = self._library.parse(digits, region)
        except self._library.NumberParseException:
            return False
        return bool(self._library.is_valid_number(number))
