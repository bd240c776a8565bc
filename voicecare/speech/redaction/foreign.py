"""Number words of languages without rules of their own, to hide what is read out in them digit by digit."""

from __future__ import annotations

from collections.abc import Sequence

from voicecare.speech.redaction.numerals import plain_number

_WORDS = """
de: null eins ein zwei zwo drei vier fünf sechs sieben acht neun zehn elf zwölf doppel zwanzig dreißig vierzig
  fünfzig sechzig siebzig achtzig neunzig hundert
fr: zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente
  quarante cinquante soixante septante huitante nonante cent double
es: cero uno un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince veinte treinta
  cuarenta cincuenta sesenta setenta ochenta noventa cien doble
it: zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici venti trenta quaranta
  cinquanta sessanta settanta ottanta novanta cento doppio
pt: zero um uma dois duas três quatro cinco seis meia sete oito nove dez onze doze treze vinte trinta quarenta
  cinquenta sessenta setenta oitenta noventa cem
nl: nul een één twee drie vier vijf zes zeven acht negen tien elf twaalf twintig dertig veertig vijftig zestig
  zeventig tachtig negentig honderd dubbel
pl: zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście dwadzieścia
  trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt sto
sv: noll ett en två tre fyra fem sex sju åtta nio tio elva tolv tjugo trettio fyrtio femtio sextio sjuttio
  åttio nittio
ja: ゼロ れい 零 〇 一 二 三 四 五 六 七 八 九 十 いち に さん よん ご ろく なな はち きゅう
ko: 공 영 일 이 삼 사 오 육 칠 팔 구 십
"""
NUMBER_WORDS = {entry[:2]: frozenset(entry[3:].split()) for entry in _WORDS.replace("\n  ", " ").strip().splitlines()}
ANY = frozenset().union(*NUMBER_WORDS.values())
READ_OUT = 3
"""Number words in a row that are digits of something; fewer count things."""


def number_words(words: Sequence[str], language: str) -> list[int]:
    """Where number words of a language stand, three in a row or more; of any language where it is not known ("")."""
    known = NUMBER_WORDS.get(language.partition("-")[0], ANY if not language else frozenset())
    found: list[int] = []
    row: list[int] = []
    for at, word in enumerate([*words, ""]):
        parts = plain_number(word).split("-")
        if word and all(part in known for part in parts):
            row.append(at)
            continue
        found += row if len(row) >= READ_OUT else []
        row = []
    return found
