"""Every setting, read once from ``DONDOC_…`` variables and the file ``.env`` beside pyproject.toml.

A variable wins over the file. A misspelt name is refused with the nearest right one rather than ignored: a mail server
that is silently not used is found too late. ``docs/settings.md`` is generated from this class (`wiring.settings_docs`).
"""

from __future__ import annotations

import difflib
import ipaddress
import os
from datetime import time, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from engine.definition import Text
from engine.errors import Invalid
from engine.second_factor import ROLES
from engine.sessions import SessionLimits
from engine.web_address import Network

PREFIX = "DONDOC_"
CHECKOUT = Path(__file__).resolve().parent.parent
ENV_FILE = CHECKOUT / ".env"


class Clock(StrEnum):
    """Where business time comes from: the machine, or a row of the database that the demonstration moves."""

    SYSTEM = "system"
    SIMULATED = "simulated"


class SmtpSecurity(StrEnum):
    """How the connection to the mail server is protected: upgraded, from its first byte, or not at all."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Language(StrEnum):
    """The languages of the product, Vietnamese first."""

    VI = "vi"
    EN = "en"


class Settings(BaseSettings):
    """What an operator can change without touching code. Secrets never print: `SecretStr`; addresses that may hold one stay out."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=ENV_FILE, env_file_encoding="utf-8", extra="ignore", frozen=True)

    data: Path = Field(CHECKOUT / "data", description="Folder that holds everything a run writes, Prefect's database included.")
    host: str = Field("127.0.0.1", description="Address on which the pages listen. Anything but loopback opens them to the network.")
    port: int = Field(8000, ge=0, le=65535, description="Port of the pages and the API.")
    base_url: str = Field("", description="Address that mails and artifacts link to. Empty: made from host and port.")
    tls_certificate: Path | None = Field(None, description="Certificate (PEM, with its chain) for https. Empty: plain http.")
    tls_key: Path | None = Field(None, description="Its private key (PEM, not encrypted). Empty: it stands in the certificate's file.")
    trusted_proxies: str = Field(
        "", description="Addresses of proxies elsewhere that speak https for us, by comma. This machine is always trusted."
    )
    database_url: str = Field(
        "", repr=False, description="Business database, such as `postgresql+psycopg://…`. Empty: SQLite in the data folder."
    )
    clock: Clock = Field(Clock.SIMULATED, description="`system`: business time is the machine's. `simulated`: the demonstration moves it.")
    time_zone: str = Field("Asia/Ho_Chi_Minh", description="Zone in which a deadline is the end of its day and mail keeps its hours.")
    language: Language = Field(Language.VI, description="Language of pages and mail for accounts that have not chosen one.")
    secret_key: SecretStr = Field(SecretStr(""), description="Signs sessions and links. Empty: made once and kept in the data folder.")
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$", description="`debug`, `info`, `warning` or `error`.")

    session_idle_hours: int = Field(12, ge=1, le=168, description="Hours after which a session that is not used ends.")
    session_longest_hours: int = Field(168, ge=1, le=720, description="Hours after which every session ends, used or not.")
    trusted_phone_days: int = Field(
        0, ge=0, le=90, description="Days for which people may stay signed in on a phone of their own. 0: not offered."
    )

    backup_folder: Path | None = Field(None, description="Where backups go. Empty: `backups` in the data folder; another disk is better.")
    backup_keep: int = Field(14, ge=1, description="How many daily backups are kept; older ones are deleted once a new one is whole.")

    attachment_limit_mb: int = Field(100, ge=1, le=1024, description="Largest file that can be handed in, in megabytes.")
    scan_command: str = Field("", description="Program that looks at each upload, such as `clamdscan --fdpass --no-summary`. Empty: none.")
    writes_per_minute: int = Field(
        1200, ge=0, description="Changing requests a minute that one account (before sign-in: one address) may send. 0: no limit."
    )
    access_log: bool = Field(True, description="One line of JSON for each request: route, account, status, time; never what was sent.")
    second_factor_roles: str = Field(
        "",
        description="Roles that need a second factor, by comma: `agency`, `supervisor`, `auditor`, `administrator`, `head`, `unit-admin`.",
    )
    step_up_minutes: int = Field(
        0,
        ge=0,
        le=1440,
        description="Minutes after which an approval asks again for the password, or for the second factor's code. 0: never.",
    )
    oidc_issuer: str = Field(
        "", description="Address of the office's identity provider (OpenID Connect), such as `https://id.example.gov.vn`. Empty: none."
    )
    oidc_client_id: str = Field("", validate_default=True, description="The name under which that provider knows this installation.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="The secret that goes with it. Empty: none, or in a file.")
    oidc_client_secret_file: Path | None = Field(None, description="File that holds the secret, readable by the service's user only.")
    oidc_ca_file: Path | None = Field(None, description="Certificates to trust instead of the system's, for a provider of one's own.")
    oidc_name: str = Field("", description="Name of the provider on the sign-in button. Empty: the office's account.")
    oidc_second_factor: bool = Field(
        False, description="The provider asks for a second factor itself: ours is not asked for after signing in there."
    )
    token_days: int = Field(365, ge=1, le=3650, description="Most days for which an API token can be made. It is made for 90 unless asked.")
    metrics_token: SecretStr = Field(SecretStr(""), description="Bearer token for `/metrics`. Empty: only this machine may read it.")

    prefect_port: int = Field(4200, ge=0, le=65535, description="Port of the Prefect server that `dondoc up` starts; loopback only.")
    prefect_api_url: str = Field("", description="API of a Prefect server run elsewhere. Empty: the one that `dondoc up` starts.")
    prefect_database_url: str = Field(
        "", repr=False, description="Prefect's database, such as `postgresql+asyncpg://…`. Empty: SQLite in the data folder."
    )
    prefect_api_auth: SecretStr = Field(SecretStr(""), description="`user:password` that Prefect's API asks for. Empty: none.")

    smtp_host: str = Field(
        "", description="Mail server. Empty: mail is kept until there is one; in the demonstration it goes to the small mailbox."
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_user: str = Field("", description="Account on the mail server. Empty: no sign-in.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password of that account.")
    smtp_security: SmtpSecurity = Field(SmtpSecurity.STARTTLS, description="`starttls`, `tls` (from the first byte) or `none`.")
    smtp_from: str = Field("dondoc@localhost", description="Sender's address of every mail.")
    smtp_ca_file: Path | None = Field(None, description="Certificates to trust instead of the system's, for a mail server of one's own.")
    smtp_timeout: float = Field(20, gt=0, description="Seconds after which a mail server that does not answer is given up for this batch.")
    smtp_rate: int = Field(0, ge=0, description="Most mails a minute. 0: as fast as the server takes them.")
    resend_ambiguous: bool = Field(True, description="Send once more, with the same Message-ID, a mail whose acknowledgement was lost.")
    mailbox_port: int = Field(0, ge=0, le=65535, description="SMTP port of the small mailbox. 0: a free one is picked.")
    quiet_from: time = Field(time(7, 0), description="Local time from which mail may leave on a working day.")
    quiet_to: time = Field(time(18, 0), description="Local time after which mail waits for the next working day, unless marked urgent.")
    webhook_http: bool = Field(False, description="Allow webhooks over plain http. Off: https only.")
    webhook_networks: str = Field(
        "", description="Networks that webhooks may reach although they are not public, by comma, such as `10.20.0.0/16, 127.0.0.0/8`."
    )
    webhook_timeout: float = Field(10, gt=0, le=60, description="Seconds that one attempt at a webhook may take, all in all.")

    @field_validator("webhook_networks", "trusted_proxies")
    @classmethod
    def known_networks(cls, text: str) -> str:
        """Refuse what is no network; an address with bits behind its mask is one written wrongly."""
        networks_in(text)
        return text

    @field_validator("second_factor_roles")
    @classmethod
    def known_roles(cls, text: str) -> str:
        """Refuse a role that nobody can have: a misspelt one would leave its people without what the office wants."""
        unknown = roles_in(text) - set(ROLES)
        if unknown:
            raise ValueError(f"unknown role {sorted(unknown)[0]!r}")
        return text

    @field_validator("oidc_issuer")
    @classmethod
    def safe_issuer(cls, address: str) -> str:
        """Refuse what is no address, and plain http beyond this machine: who people are would cross the network unprotected."""
        parts = urlsplit(address)
        if address and (not parts.hostname or parts.query or parts.fragment):
            raise ValueError("not the address of a provider")
        if address and parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")):
            raise ValueError("the provider must be reached by https")
        return address

    @field_validator("oidc_client_id")
    @classmethod
    def issuer_knows_us(cls, name: str, info: ValidationInfo) -> str:
        """Refuse a provider without the name that it knows us by: its button would lead nowhere."""
        if bool(name) != bool(info.data.get("oidc_issuer", name)):
            raise ValueError("DONDOC_OIDC_ISSUER and DONDOC_OIDC_CLIENT_ID go together")
        return name

    @field_validator("time_zone")
    @classmethod
    def known_time_zone(cls, name: str) -> str:
        """Refuse a zone that the time-zone database does not know."""
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as problem:
            raise ValueError(f"unknown time zone {name!r}") from problem
        return name

    @field_validator("data", "backup_folder")
    @classmethod
    def absolute_folder(cls, folder: Path | None) -> Path | None:
        """A relative folder counts from where the command is run, and stays the same if the process changes folder."""
        return folder and folder.expanduser().absolute()

    @property
    def session_limits(self) -> SessionLimits:
        """How long sessions last."""
        idle, longest = timedelta(hours=self.session_idle_hours), timedelta(hours=self.session_longest_hours)
        return SessionLimits(idle, longest, timedelta(days=self.trusted_phone_days))

    @property
    def second_factor_of(self) -> frozenset[str]:
        """The roles of which the second factor is required."""
        return roles_in(self.second_factor_roles)

    @property
    def simulated(self) -> bool:
        """Whether business time is moved by the demonstration."""
        return self.clock is Clock.SIMULATED

    @property
    def database_path(self) -> Path:
        """The SQLite file; used only where ``database_url`` is empty."""
        return self.data / "dondoc.sqlite"

    @property
    def url(self) -> str:
        """The business database as a SQLAlchemy URL."""
        return self.database_url or f"sqlite:///{self.database_path}"

    @property
    def public_url(self) -> str:
        """The address to put before a path in a link, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.base_url or f"{'https' if self.tls_certificate else 'http'}://{host}:{self.port}").rstrip("/")

    @property
    def prefect_folder(self) -> Path:
        """What Prefect writes lies here (its ``PREFECT_HOME``), so that two copies run side by side."""
        return self.data / "prefect"

    @property
    def prefect_url(self) -> str:
        """The API of the Prefect server in use."""
        return (self.prefect_api_url or f"http://127.0.0.1:{self.prefect_port}/api").rstrip("/")

    @property
    def backups(self) -> Path:
        """The folder of the backups."""
        return self.backup_folder or self.data / "backups"

    @property
    def attachments_folder(self) -> Path:
        """Uploaded files lie here, named by their content."""
        return self.data / "attachments"


def roles_in(text: str) -> frozenset[str]:
    """The roles that ``text`` lists."""
    return frozenset(part.strip() for part in text.split(",") if part.strip())


def networks_in(text: str) -> tuple[Network, ...]:
    """The networks that ``text`` lists. Raises ValueError naming what is none."""
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


def load_settings(env_file: Path | None = ENV_FILE) -> Settings:
    """The settings of this process.

    Raises `engine.errors.Invalid` for an unknown ``DONDOC_…`` name or a value out of range, naming all of them.
    """
    from_file = dotenv_values(env_file) if env_file is not None and env_file.is_file() else {}
    refuse_unknown(sorted({name.upper() for name in (*os.environ, *from_file)}))
    try:
        return Settings(_env_file=env_file)
    except ValidationError as problem:
        lines = "; ".join(f"{PREFIX}{str(error['loc'][0]).upper()}: {error['msg']}" for error in problem.errors())
        raise Invalid(Text(f"Cài đặt không hợp lệ: {lines}", f"Invalid settings: {lines}"), code="settings") from problem


def refuse_unknown(names: list[str]) -> None:
    """Raise `Invalid` for the first of ``names`` that carries our prefix and is no setting."""
    known = [PREFIX + field.upper() for field in Settings.model_fields]
    for name in names:
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = (
                Text(f"Ý bạn là {near[0]}?", f"Did you mean {near[0]}?") if near else Text("Xem docs/settings.md.", "See docs/settings.md.")
            )
            raise Invalid(Text(f"Không có cài đặt {name}.", f"There is no setting {name}."), code="settings", hint=hint, field=name)
