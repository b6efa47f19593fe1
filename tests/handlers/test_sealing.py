import pytest

from handlers.sealing import SealBroken, Sealer, new_key


def test_opens_what_it_sealed(sealer: Sealer) -> None:
    sealed = sealer.seal(b"saya takut", purpose="inbox")
    assert b"takut" not in sealed
    assert sealer.open(sealed, purpose="inbox") == b"saya takut"


def test_the_same_text_never_looks_the_same(sealer: Sealer) -> None:
    assert sealer.seal(b"x", purpose="inbox") != sealer.seal(b"x", purpose="inbox")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]), id="one bit changed"),
        pytest.param(lambda sealed: sealed[:20], id="cut short"),
        pytest.param(lambda sealed: b"", id="erased"),
        pytest.param(lambda sealed: b"\x09" + sealed[1:], id="another version"),
    ],
)
def test_damage_is_noticed(sealer: Sealer, change) -> None:  # type: ignore[no-untyped-def]
    sealed = sealer.seal(b"text", purpose="inbox")
    with pytest.raises(SealBroken):
        sealer.open(change(sealed), purpose="inbox")


def test_a_body_does_not_pass_for_an_address(sealer: Sealer) -> None:
    with pytest.raises(SealBroken):
        sealer.open(sealer.seal(b"x", purpose="inbox"), purpose="address")


def test_another_key_opens_and_finds_nothing(sealer: Sealer) -> None:
    other = Sealer(new_key())
    with pytest.raises(SealBroken):
        other.open(sealer.seal(b"x", purpose="inbox"), purpose="inbox")
    assert other.lookup("62812", purpose="a") != sealer.lookup("62812", purpose="a")


def test_look_up_is_stable_and_apart_by_purpose(sealer: Sealer) -> None:
    assert sealer.lookup("62812", purpose="a") == sealer.lookup("62812", purpose="a")
    assert sealer.lookup("62812", purpose="a") != sealer.lookup("62812", purpose="b")


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Sealer(b"short")
