"""What each channel's values look like; an identifier of another shape can never match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scanner.hosts import is_public_suffix
from scanner.model import Detection, EvidenceKind, Identifier

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DETECTION_ID = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")
_HOST = re.compile(
    r"(?=.{4,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
)
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FIREFOX_ID = re.compile(r"\{[0-9a-fA-F-]{36}\}|[\w.+-]*@[\w.-]+")
_S3 = re.compile(r"s3[.-][a-z0-9-]+\.amazonaws\.com(?:\.cn)?")
_WEAK_CONFIDENCE = 50
# What the values of a channel look like, and how to say it.
_SHAPES: dict[Identifier, tuple[re.Pattern[str], str]] = {
    Identifier.ENV: (
        re.compile(r"\w*[A-Za-z]\w*", re.ASCII),
        "the name of an environment variable",
    ),
    Identifier.CONTAINER: (
        re.compile(r"[a-z0-9.-]+(?::\d+)?(?:/[a-z0-9._-]+)*"),
        "a container repository without a tag",
    ),
    Identifier.GITHUB_ACTION: (re.compile(r"[\w.-]+/[\w./-]+"), "an action (owner/repository)"),
    Identifier.GITHUB_APP: (re.compile(r"[\w.-]+(\[bot\])?"), "the slug of a GitHub App"),
    Identifier.GIT_IDENTITY: (re.compile(r"[^@\s]+@[^@\s]+"), "an e-mail address"),
    Identifier.BUNDLE: (re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+"), "a bundle id"),
    Identifier.IDE_EXT: (
        re.compile(r"[\w-]+(\.[\w-]+)+|\d+(-[\w-]+)?|jetbrains:[\w. -]+"),
        "an extension (publisher.name, or a JetBrains plugin's id)",
    ),
    Identifier.SLACK_APP: (re.compile(r"A[A-Z0-9]{8,12}"), "a Slack app id"),
    Identifier.PORT: (
        # up to 65535
        re.compile(
            r"[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5]", re.ASCII
        ),
        "a port",
    ),
    Identifier.EMAIL_SENDER: (re.compile(r"(?:[^@\s]+@)?[a-z0-9.-]+\.[a-z]{2,}"), "a domain"),
    Identifier.DNS_CNAME: (_HOST, "a host name"),
    Identifier.IMPORT: (re.compile(r"[@\w./-]+|(?:\w+\\)+"), "a module"),  # OpenAI\ is one of PHP
}
_PURL = re.compile(r"pkg:[a-z]+/[^\s?#]+")
_CHROME_ID = re.compile(r"[a-p]{32}")
# Variables that say nothing without another signal.
GENERIC_ENV = frozenset(
    ["ACCESS_TOKEN", "API_BASE", "API_KEY", "API_TOKEN", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_RESOURCE_NAME", "AZURE_TENANT_ID", "BASE_URL", "CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_KEY", "CLOUDFLARE_API_TOKEN", "DATABASE_URL", "DEBUG", "DIGITALOCEAN_ACCESS_TOKEN", "ENV", "GCP_PROJECT", "GH_TOKEN", "GITHUB_TOKEN", "GITLAB_TOKEN", "GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT", "HOME", "HOST", "LANG", "LOG_LEVEL", "NEON_API_KEY", "NODE_ENV", "PASSWORD", "PATH", "PORT", "PWD", "REDIS_URL", "SECRET", "SECRET_KEY", "SHELL", "SLACK_BOT_TOKEN", "TOKEN", "USER", "VERCEL_TOKEN", "VULTR_API_KEY"]
)  # fmt: skip
# Programs that run on every machine.
_GENERIC_PROCESSES = frozenset(
    ["agent", "bash", "chrome", "chrome.exe", "cmd.exe", "code", "code.exe", "electron", "java", "java.exe", "node", "node.exe", "powershell.exe", "python", "python.exe", "python3", "server", "sh", "svchost.exe"]
)  # fmt: skip
# Domains of a whole cloud, network, identity provider or advertiser: a hit there says nothing.
TOO_WIDE = frozenset(
    ["360.cn", "accounts.google.com", "akamai.net", "akamaiedge.net", "akamaihd.net", "akamaized.net", "algolia.net", "alibabacloud.com", "alicdn.com", "aliyuncs.com", "amazon.com", "amazonaws.com", "amazonaws.com.cn", "api.aws", "apple.com", "appspot.com", "auth0.com", "azure.cn", "azure.com", "azure.net", "azureedge.net", "azurefd.net", "azurewebsites.net", "b-cdn.net", "baidu.com", "bcebos.com", "bing.com", "blob.core.windows.net", "cdn.jsdelivr.net", "cloud.google.com", "cloudapp.azure.com", "cloudapp.net", "cloudflare.com", "cloudflare.net", "cloudflareinsights.com", "cloudfront.net", "cognito.com", "core.windows.net", "datadoghq.com", "digitalocean.com", "digitaloceanspaces.com", "doubleclick.net", "duosecurity.com", "edgekey.net", "edgesuite.net", "facebook.com", "fastly.net", "fbcdn.net", "firebaseapp.com", "firebaseio.com", "fonts.googleapis.com", "framer.website", "ghcr.io", "github.com", "github.io", "githubusercontent.com", "gitlab.com", "global.fastly.net", "gmail.com", "google-analytics.com", "google.com", "googleadservices.com", "googleapis.com", "googletagmanager.com", "googleusercontent.com", "gstatic.com", "herokuapp.com", "hotmail.com", "icloud.com", "ingest.sentry.io", "js.stripe.com", "jsdelivr.net", "launchdarkly.com", "live.com", "login.microsoftonline.com", "mail.ru", "mailgun.net", "mailgun.org", "mandrillapp.com", "meta.com", "microsoft.com", "microsoftonline.com", "mixpanel.com", "msauth.net", "msftauth.net", "myqcloud.com", "myshopify.com", "netlify.app", "netlify.com", "notion.site", "office.com", "office365.com", "okta.com", "onelogin.com", "onmicrosoft.com", "oraclecloud.com", "oraclecloudapps.com", "outlook.com", "pages.dev", "pingidentity.com", "pingone.com", "posthog.com", "pphosted.com", "protection.outlook.com", "qq.com", "r2.dev", "s3.amazonaws.com", "segment.com", "segment.io", "sendgrid.net", "sentry.io", "sharepoint.com", "statsig.com", "storage.googleapis.com", "stripe.com", "supabase.co", "tencent.com", "trafficmanager.net", "twitter.com", "unpkg.com", "vercel.app", "volces.com", "web.app", "windows.net", "windowsazure.com", "wixsite.com", "workers.dev", "workos.com", "x.com", "yahoo.com", "yandex.com", "yandex.net", "yandex.ru", "youtube.com"]
)  # fmt: skip


def detection_problems(detection: Detection) -> Iterator[str]:
    """Yield what is wrong with one detection in itself."""
    weak = detection.evidence in (EvidenceKind.PRESENCE, EvidenceKind.SUPPORTING)
    if not _DETECTION_ID.fullmatch(detection.id):
        yield "the id is not lower-case words joined by dots and hyphens"
    if not 1 <= detection.confidence <= 100:
        yield f"confidence {detection.confidence} is not from 1 to 100"
    if weak and detection.confidence > _WEAK_CONFIDENCE:
        yield f"{detection.evidence} evidence may not claim more than {_WEAK_CONFIDENCE}"
    if not detection.sources or not all(source.strip() for source in detection.sources):
        yield "no source says so"
    if not (detection.tests.match and detection.tests.no_match):
        yield "examples that match and near misses that must not are both required"
    if detection.channel is Identifier.PORT and not weak:
        yield "a port shows nothing without a second signal: supporting at most"
    yield from _values(detection)


def _values(detection: Detection) -> Iterator[str]:
    match detection.channel:
        case Identifier.HOST | Identifier.HOST_PATH:
            yield from _host_values(detection)
            return
        case Identifier.OAUTH:
            yield from _oauth_values(detection)
        case Identifier.PACKAGE:
            yield from _malformed(detection.purl, _PURL, "a package URL (pkg:type/name)")
            if not (detection.purl or detection.pattern):
                yield "no purl"
        case Identifier.BROWSER_EXT:
            plain = [one for one in detection.exact if not _FIREFOX_ID.fullmatch(one)]
            yield from _malformed(plain, _CHROME_ID, "an extension id (32 letters from a to p)")
        case Identifier.KEY_SHAPE if not detection.pattern:
            yield "the shape of a key is a pattern"
        case _:
            if not (detection.exact or detection.pattern):
                yield "no exact value and no pattern"
    if shape := _SHAPES.get(detection.channel):
        yield from _malformed(detection.exact, *shape)
    if detection.channel is Identifier.ENV and detection.evidence.creates_system:
        for name in GENERIC_ENV.intersection(detection.exact):
            yield f"{name} is generic: supporting at most"
    if detection.channel is Identifier.PROCESS:
        for name in _GENERIC_PROCESSES.intersection(one.casefold() for one in detection.exact):
            yield f"{name} runs on every machine"
    if detection.channel in (Identifier.EMAIL_SENDER, Identifier.DNS_CNAME):
        for name in TOO_WIDE.intersection(detection.exact):
            yield f"{name} belongs to more than this supplier"
    yield from _patterns(detection)


def _host_values(detection: Detection) -> Iterator[str]:
    if not (detection.suffix or detection.exact or detection.pattern):
        yield "no suffix, exact or pattern"
    yield from _malformed((*detection.suffix, *detection.exact), _HOST, "a lower-case host name")
    for pattern in detection.pattern:
        if not _HOST.fullmatch(pattern.replace("*", "x").replace("{region}", "x")):
            yield f"{pattern!r} is not a host pattern"
        if re.search(r"[*{]", ".".join(pattern.rsplit(".", 2)[-2:])):
            yield f"{pattern!r} leaves the registrable domain open"
    for suffix in detection.suffix:
        if _S3.fullmatch(suffix):
            yield f"{suffix} holds anybody's files"
        if is_public_suffix(suffix) and detection.evidence.creates_system:
            yield f"{suffix} is a public suffix; names below it belong to anybody"
    if detection.channel is Identifier.HOST:
        for host in TOO_WIDE.intersection((*detection.suffix, *detection.exact)):
            yield f"{host} belongs to a whole cloud or network; name the product's own hosts"
    elif not detection.path:
        yield "host_path needs at least one path"
    elif not all(path.startswith("/") for path in detection.path):
        yield "a path begins with /"


def _oauth_values(detection: Detection) -> Iterator[str]:
    domains = (*detection.publisher_domain, *detection.reply_url_domain)
    if not (domains or detection.client_id or detection.owner_tenant):
        yield "an OAuth application is known by client id, tenant or domain; a name alone is none"
    if detection.idp == "entra":
        yield from _malformed((*detection.client_id, *detection.owner_tenant), _GUID, "a GUID")
    yield from _malformed(domains, _HOST, "a domain")
    for domain in domains:
        if domain in TOO_WIDE or is_public_suffix(domain):
            yield f"{domain} belongs to more than this supplier"


def _malformed(values: Iterable[str], shape: re.Pattern[str], what: str) -> Iterator[str]:
    for value in values:
        if not shape.fullmatch(value):
            yield f"{value!r} is not {what}"


def _patterns(detection: Detection) -> Iterator[str]:
    for pattern in detection.pattern:
        try:
            compiled = re.compile(pattern)
        except re.error as error:
            yield f"pattern {pattern!r} is no regular expression: {error}"
            continue
        if compiled.fullmatch("") or compiled.fullmatch("x" * 40):
            yield f"pattern {pattern!r} matches anything"
        elif detection.channel is Identifier.CARD_DESCRIPTOR and compiled.fullmatch(
            _longer(pattern)
        ):
            yield f"pattern {pattern!r} matches longer words too; end the word: \\b.*"


def _longer(pattern: str) -> str:
    """Return a word that begins as a pattern of one word does: MIDJOURNEYS of MIDJOURNEY.*."""
    word = re.match(r"[A-Z]*", pattern)
    return f"{word[0] if word else ''}S"
