"""Settings: the only place that reads the environment. Each has a type, unit and default."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from escalation.mail_address import is_mail_address

YesNo = Literal["ya", "tidak"]
LOOPBACK = ("127.0.0.1", "localhost", "::1")
ORDINARY_FILE = "tanya-pimpasa.sqlite3"
DEMO_FILE = "contoh.sqlite3"


SECRET_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,256}")
"""What Telegram sends along: core.telegram.org/bots/api#setwebhook."""

WRONG_VALUES = {
    "int_parsing": "harus bilangan bulat",
    "greater_than_equal": "harus paling kecil {ge}",
    "less_than_equal": "harus paling besar {le}",
    "string_pattern_mismatch": "bentuknya salah, lihat README",
}
"""Indonesian for pydantic's types of error."""


class SettingsError(Exception):
    """A setting that is missing or wrong. The message says how to mend it, in Indonesian."""


class Settings(BaseSettings):
    """Everything that can be set from outside, by environment variable or in a `.env` file."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="TCP port to listen on.")
    data_dir: Path = Field(
        Path("~/.local/share/tanya-pimpasa"),
        description="Folder for the SQLite database and trained models.",
    )
    database_url: str | None = Field(
        None,
        description="Database, sqlite:///... or postgresql://...; default a file in DATA_DIR.",
    )
    secret_key_file: Path = Field(
        Path("~/.config/tanya-pimpasa/secret.key"),
        description="File with the sealing key (64 hex digits), mode 0600, outside DATA_DIR; "
        "made where it is missing.",
    )
    secret_key: SecretStr | None = Field(
        None, description="The sealing key itself (64 hex digits), instead of SECRET_KEY_FILE."
    )
    demo: Literal["ya", "tidak", "otomatis"] = Field(
        "tidak",
        description="ya: a demonstration with a made-up roster on a database of its own, loopback "
        "only. otomatis: ya unless a messenger token is set.",
    )
    unstaffed: YesNo = Field(
        "tidak",
        description="ya: start with messenger tokens although the national desk has fewer than "
        "two registered people; no reply then promises a person.",
    )
    web_chat: YesNo | None = Field(
        None,
        description="Public web chat on /chat; default ya at loopback without PUBLIC_URL, "
        "else tidak.",
    )
    telegram_bot_token: SecretStr | None = Field(
        None, description="Token of the Telegram bot, from BotFather."
    )
    telegram_api_base: str = Field(
        "https://api.telegram.org", description="Scheme and host of the Bot API."
    )
    telegram_mode: Literal["polling", "webhook"] = Field(
        "polling",
        description="polling: fetch updates (development, or no public address); webhook: "
        "Telegram calls PUBLIC_URL/webhooks/telegram.",
    )
    telegram_secret_token: SecretStr | None = Field(
        None, description="Secret that Telegram sends along with every webhook call."
    )
    telegram_per_second: float = Field(
        30, gt=0, le=1000, description="Messages per second on Telegram over all chats."
    )
    whatsapp_token: SecretStr | None = Field(
        None, description="Access token of the WhatsApp Cloud API."
    )
    whatsapp_phone_id: str | None = Field(
        None, description="ID of the business phone number (not the number itself)."
    )
    whatsapp_business_id: str | None = Field(
        None,
        description="ID of the WhatsApp Business account; with it `check` asks whether the "
        "templates are approved.",
    )
    whatsapp_app_secret: SecretStr | None = Field(
        None, description="Secret of the Meta app, with which webhook calls are signed."
    )
    whatsapp_verify_token: SecretStr | None = Field(
        None, description="Word of one's own choice for the check of the webhook address."
    )
    whatsapp_api_base: str = Field(
        "https://graph.facebook.com", description="Scheme and host of the Graph API."
    )
    whatsapp_api_version: str = Field(
        "v25.0", pattern=r"^v\d{1,3}\.\d{1,2}$", description="Version of the Graph API."
    )
    whatsapp_per_second: float = Field(
        80, gt=0, le=1000, description="Messages per second on WhatsApp over all people."
    )
    smtp_host: str | None = Field(
        None, description="Mail server for the second route to officers; opens the channel."
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="TCP port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="starttls: encrypt after connecting (587); tls: at once (465); none: only for "
        "a server on this computer.",
    )
    smtp_user: str | None = Field(None, description="Name to sign in to the mail server with.")
    smtp_password: SecretStr | None = Field(None, description="Password for SMTP_USER.")
    smtp_from: str | None = Field(
        None, description="Address from which mails are sent; needs PUBLIC_URL too."
    )
    smtp_per_second: float = Field(
        2, gt=0, le=1000, description="Mails per second over all officers."
    )
    public_url: str | None = Field(
        None, description="Address under which the internet reaches this server, https://..."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severe log lines that are written."
    )

    @field_validator("data_dir", "secret_key_file")
    @classmethod
    def _expand(cls, path: Path) -> Path:
        try:
            return path.expanduser().absolute()
        except RuntimeError as error:
            raise ValueError(f"folder rumah pada {path} tidak ada; tulis jalur lengkap") from error

    @field_validator("secret_key")
    @classmethod
    def _hex_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None:
            parse_key(key.get_secret_value())
        return key

    @field_validator("telegram_secret_token")
    @classmethod
    def _sendable(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not SECRET_TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("hanya huruf A-Z a-z, angka, _ dan -, paling banyak 256")
        return token

    @model_validator(mode="after")
    def _agree(self) -> "Settings":
        if self.demo == "ya" and self.has_messenger:
            raise ValueError(
                "DEMO=ya tidak boleh bersama TELEGRAM_BOT_TOKEN atau WHATSAPP_TOKEN; "
                "hapus salah satunya"
            )
        if self.is_demo and self.host not in LOOPBACK:
            raise ValueError("DEMO=ya hanya boleh di HOST=127.0.0.1; ubah HOST atau DEMO")
        data_dir, key_file = self.data_dir.resolve(), self.secret_key_file.resolve()
        self._check_messengers()
        self._check_mail()
        if self.secret_key is None and data_dir in key_file.parents:
            raise ValueError("SECRET_KEY_FILE harus di luar DATA_DIR; pindahkan salah satunya")
        return self

    def _check_messengers(self) -> None:
        is_called = self.telegram_bot_token and self.telegram_mode == "webhook"
        if is_called and not (self.telegram_secret_token and self.public_url):
            raise ValueError(
                "TELEGRAM_MODE=webhook butuh TELEGRAM_SECRET_TOKEN dan PUBLIC_URL; "
                "isi keduanya atau pakai TELEGRAM_MODE=polling"
            )
        needed = (self.whatsapp_phone_id, self.whatsapp_app_secret, self.whatsapp_verify_token)
        if self.whatsapp_token and not all(needed):
            raise ValueError(
                "WHATSAPP_TOKEN butuh WHATSAPP_PHONE_ID, WHATSAPP_APP_SECRET, dan "
                "WHATSAPP_VERIFY_TOKEN; isi ketiganya"
            )

    def _check_mail(self) -> None:
        if self.smtp_host is None:
            return
        if self.smtp_from is None or not is_mail_address(self.smtp_from):
            raise ValueError("SMTP_HOST butuh SMTP_FROM berisi alamat surel; isi SMTP_FROM")
        if self.public_url is None:
            raise ValueError("SMTP_HOST butuh PUBLIC_URL untuk tautan di surel; isi PUBLIC_URL")
        if (self.smtp_user is None) != (self.smtp_password is None):
            raise ValueError(
                "SMTP_USER dan SMTP_PASSWORD harus diisi keduanya, atau tidak sama sekali"
            )
        is_open = self.smtp_security == "none" and self.smtp_host not in LOOPBACK
        if is_open and self.smtp_password is not None:
            raise ValueError(
                "SMTP_SECURITY=none mengirim sandi tanpa pengaman; pakai starttls atau tls"
            )

    @property
    def has_messenger(self) -> bool:
        """Tell whether a messenger's token is set."""
        return bool(self.telegram_bot_token or self.whatsapp_token)

    @property
    def is_demo(self) -> bool:
        """Tell whether this is a demonstration."""
        return self.demo == "ya" or (self.demo == "otomatis" and not self.has_messenger)

    @property
    def shows_web_chat(self) -> bool:
        """Tell whether /chat is open to anybody who can reach the server."""
        if self.web_chat is not None:
            return self.web_chat == "ya"
        # Behind a reverse proxy the loopback is the internet.
        return self.host in LOOPBACK and self.public_url is None

    @property
    def url(self) -> str:
        """Give the database URL; a demonstration has a file of its own."""
        if self.database_url:
            return self.database_url
        name = DEMO_FILE if self.is_demo else ORDINARY_FILE
        return f"sqlite:///{self.data_dir / name}"

    @property
    def models_dir(self) -> Path:
        """Give the folder of trained models."""
        return self.data_dir / "models"


def load_settings(**overrides: object) -> Settings:
    """Read the settings. Raises SettingsError with one sentence that says how to mend them."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError("; ".join(_sentence(fault) for fault in error.errors())) from error


def _sentence(fault: Mapping[str, Any]) -> str:
    name = ".".join(str(part) for part in fault["loc"]).upper()
    given = fault.get("ctx", {})
    if fault["type"] == "value_error":
        text = str(given["error"])
    elif fault["type"] == "literal_error":
        text = f"harus salah satu dari {given['expected'].replace(' or ', ' atau ')}"
    else:
        text = WRONG_VALUES.get(fault["type"], "nilainya tidak bisa dipakai").format(**given)
    return f"{name}: {text}" if name else text


def parse_key(text: str) -> bytes:
    """Read a key of 64 hex digits. Raises ValueError."""
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ValueError("kunci harus 64 angka heksadesimal; buat dengan: openssl rand -hex 32")
    return key
