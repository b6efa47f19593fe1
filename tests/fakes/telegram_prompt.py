"""A prompt at which one person plays everybody who writes to the bot."""

from typing import TYPE_CHECKING, Any

from tests.fakes.telegram_people import FakePerson, see

if TYPE_CHECKING:
    from tests.fakes.telegram import FakeTelegram
    from tests.fakes.telegram_state import Chat

HELP = """\
Bot API tiruan di {url}. Jalankan bot di jendela lain dengan:
  TELEGRAM_API_BASE={url} TELEGRAM_BOT_TOKEN={token} TELEGRAM_MODE=polling
Di sini:
  ani: brp biaya paspor      Ani menulis (nama apa saja; orang baru dibuat sendiri)
  ani: /ketuk Membantu       mengetuk tombol terakhir dengan judul itu
  ani: /lokasi -6.9 107.6    mengirim lokasi
  ani: /stiker, /suara, /foto keterangan, /kontak 0800, /blokir, /buka
  keluar                     selesai"""


def play(fake: "FakeTelegram") -> None:
    """Read lines until the end; what the bot sends is printed as it comes."""
    print(HELP.format(url=fake.url, token=fake.token), flush=True)
    people: dict[str, FakePerson] = {}
    fake.on_message = show
    while True:
        try:
            line = input().strip()
        except (EOFError, KeyboardInterrupt):
            return
        if line == "keluar":
            return
        name, colon, words = line.partition(":")
        if not colon:
            print("Tulis: nama: kata-kata")
            continue
        name = name.strip().lower()
        if name not in people:
            people[name] = fake.person(name.capitalize())
        try:
            act(people[name], words.strip())
        except (LookupError, ValueError, TypeError) as error:
            print(f"Tidak bisa: {error}")


def act(person: FakePerson, words: str) -> None:
    """Do what one line says. Raises LookupError, ValueError or TypeError."""
    command, _, rest = words.partition(" ")
    match command:
        case "/ketuk":
            person.taps(rest)
        case "/lokasi":
            person.shares_location(*map(float, rest.split()))
        case "/stiker":
            person.sends_sticker()
        case "/suara":
            person.sends_voice()
        case "/foto":
            person.sends_photo(caption=rest or None)
        case "/kontak":
            person.sends_contact(rest)
        case "/blokir":
            person.blocks()
        case "/buka":
            person.unblocks()
        case _:
            person.says(words)


def show(chat: "Chat", raw: dict[str, Any]) -> None:
    """Print one message of the bot's with its buttons."""
    seen = see(raw)
    name = chat.fields.get("first_name") or chat.fields.get("title")
    print(f"→ {name}: " + seen.text.replace("\n", "\n  "))
    if seen.buttons:
        print("  " + " ".join(f"[{title}]" for title in seen.buttons))
    if seen.asks_location:
        print("  [tombol lokasi]")
    print(end="", flush=True)
