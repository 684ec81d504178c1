"""Literals in programs and settings: which names hold addresses and models, and what they say.

For readers that meet ``base_url="https://api.openai.com/v1"`` or ``model: "gpt-4o"`` in whatever
language. What is a template, a placeholder or looks like a secret says nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from scanner.hosts import fold, host_of_url, path_of_url, registrable_tail
from scanner.model import Identifier

# What an unknown part of a text stands for: readers of f-strings and the like put it there.
UNKNOWN = "{}"

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_ADDRESS_WORDS = frozenset({"url", "uri", "endpoint", "host", "hostname"})
_ADDRESS_ENDS = (
    ("api", "base"),
    ("base", "path"),  # generated clients, and the OpenAI SDK for Node before version 4
)
_ADDRESS_NAMES = frozenset({"apibase", "baseurl", "endpointurl"})
# Names of hosts that may come without a scheme; a bare "url" is more often a path.
_BARE_WORDS = frozenset({"host", "hostname", "endpoint", "base"})
_MODEL_ENDS = (
    ("model",),
    ("model", "name"),
    ("model", "id"),
    ("model", "arn"),
    ("model", "name", "or", "path"),
)
_MODEL_NAMES = frozenset({"engine", "modelname", "modelid", "nameorpath"})
_DEPLOYMENT_ENDS = (("deployment", "name"), ("deployment", "id"))
_DEPLOYMENT_NAMES = frozenset({"deployment", "azuredeployment"})
# "engine" also names database drivers and file writers; the models it once named have a number.
_ENGINE = "engine"
_OF_ENGINE = re.compile(r"-.*\d")

_LONGEST = 2_000
_LONGEST_MODEL = 200
_SCHEME = re.compile(r"(?:https?|wss?|grpcs?)://", re.I)
_BARE = re.compile(r"[a-z0-9](?:[a-z0-9-]*\.)+[a-z]{2,}(?::\d{1,5})?(?:/\S*)?", re.I)
_HOST = re.compile(r"[a-z0-9_*](?:[a-z0-9._*-]*[a-z0-9])?|[0-9a-f:]*:[0-9a-f:.]*")
_WILD = "*"
_TEMPLATE = re.compile(r"[{}$<>%*|\[\]()#\\`\"' ]")
# A part of a host that a program fills in: {name}, ${name}, {{ name }}, $(name), $name, %s. What a
# person is asked to fill in, <name>, is no address yet.
_FILLED_IN = re.compile(r"\$?\{[^{}]*\}|\{\{[^{}]*\}\}|\$\([^()]*\)|\$\w+|%[sv]")
_OPEN_PORT = re.compile(r":[{$<%].*")
_OPEN_END = re.compile(r"(?<=[a-z0-9])\.[a-z]{2,}(\$?\{[^{}]*\})+$", re.I)
_NOBODY = re.compile(
    r"localhost|https?|127\.[\d.]+|0\.0\.0\.0|::1?|host\.docker\.internal"
    r"|(?:.*\.)?(?:example\.(?:com|org|net)|example|test|invalid|local|localhost)"
    r"|(?:.*[._-])?(?:your|example|placeholder|changeme|dummy|fake|x{3,})(?:[._-].*)?"
)
_MODEL = re.compile(r"[A-Za-z0-9@~][\w.:/@+~-]*")
# As people are shown it: Claude 3.5 Sonnet, GPT-4o mini.
_SHOWN_MODEL = re.compile(r"[A-Z][\w.-]*(?: [\w.-]+){1,4}")
_A_FILE = re.compile(
    r"\.(?:pkl|pickle|joblib|h5|hdf5|keras|pth?|ckpt|onnx|bin|json|ya?ml|toml|txt|xml|csv|pyc?"
    r"|[jt]sx?|html?|safetensors|tflite|pmml|zip|tar|gz)",
    re.I,
)
_NO_MODEL = re.compile(
    r"(?:none|null|auto|default|unknown|model|string|true|false|undefined|todo|test|fake|mock|dummy)"
    r"|(?:your|my|some|test|fake|mock|dummy|example|x{3,})[-_ ].*"
    r"|.*[-_](?:placeholder|here)|model[-_](?:name|id)|.*your[-_].*",
    re.I,
)
_ARN = re.compile(r"arn:[\w-]+:bedrock:[^/]*/(.+)")
_SECRET = re.compile(
    r"(?:^|[/:=])(?:sk|pk|rk|xai|gsk|pplx|hf|ghp|gho|glpat|xox[a-z]|AKIA|AIza|eyJ)[-_A-Za-z0-9]{16,}"
)
_LONG_RUN = re.compile(r"[A-Za-z0-9]{20,}")
_ID = re.compile(r"(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_BOT = re.compile(r"bot\d+:")  # https://core.telegram.org/bots/api#making-requests
_LONG_PART = 20
_ENV = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_SHOUTED = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")

# Calls whose first argument is a model, by their last name, in Python and in JavaScript.
TAKES_MODEL = frozenset(
    {
        "from_pretrained",
        "snapshot_download",
        "hf_hub_download",
        "SentenceTransformer",
        "CrossEncoder",
        "SetFitModel",
        "InferenceClient",
        "AsyncInferenceClient",
        "GenerativeModel",
        "init_chat_model",
        "LM",
        "encoding_for_model",
    }
)
# Calls that send a request: the first or the second argument may be the address.
TAKES_ADDRESS = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "request", "stream", "urlopen", "Request"}
    | {"fetch", "axios", "got", "ky", "ofetch", "URL", "WebSocket", "EventSource"}
    | {"ws_connect", "connect", "websocket_connect", "$fetch"}
)


# What a name ends with that has a role, as an expression: most names need not be asked for theirs.
_ROLES = (
    *((one,) for one in sorted(_ADDRESS_WORDS | _ADDRESS_NAMES | _MODEL_NAMES | _DEPLOYMENT_NAMES)),
    *_ADDRESS_ENDS,
    *_MODEL_ENDS,
    *_DEPLOYMENT_ENDS,
)
_ANY_ROLE = "|".join("[^A-Za-z0-9]{0,3}".join(words) for words in _ROLES)
ENDS_OF_ROLES = f"(?i:{_ANY_ROLE})"


@lru_cache(maxsize=16_384)
def role(name: str) -> Identifier | None:
    """Return what a name holds: HOST for an address, MODEL for a model's name; None if neither.

    ``name`` is a keyword, a variable or a key in any spelling: base_url, baseURL, OPENAI_API_BASE.
    """
    words = words_of(name)
    if not words:
        return None
    joined = "".join(words)
    if words[-1] in _ADDRESS_WORDS or joined in _ADDRESS_NAMES or words[-2:] in _ADDRESS_ENDS:
        return Identifier.HOST
    if "user" in words:
        return None  # Django's AUTH_USER_MODEL is a table
    is_model = joined in _MODEL_NAMES or _ends(words, _MODEL_ENDS)
    return Identifier.MODEL if is_model or is_deployment(name) else None


def is_deployment(name: str) -> bool:
    """Whether a name holds that of a deployment: of a model in calls of an SDK, elsewhere of anything."""
    words = words_of(name)
    is_openais = words[-1:] == ("deployment",) and "openai" in words
    return is_openais or "".join(words) in _DEPLOYMENT_NAMES or _ends(words, _DEPLOYMENT_ENDS)


def _ends(words: tuple[str, ...], ends: tuple[tuple[str, ...], ...]) -> bool:
    return any(words[-len(end) :] == end for end in ends)


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name, in lower case; of a long one the last."""
    return tuple(word.lower() for word in _WORD.findall(name[-200:]))


def said(name: str, text: str) -> tuple[Identifier, str] | None:
    """Return what a literal under a name says: an address or a model, and its spelling."""
    match role(name):
        case Identifier.HOST:
            return address(text, may_be_bare=_may_be_bare(name))
        case Identifier.MODEL if name.lower() != _ENGINE or _OF_ENGINE.search(text):
            found = model(text)
            return (Identifier.MODEL, found) if found else None
    return None


def address(text: str, may_be_bare: bool = False) -> tuple[Identifier, str] | None:
    """Return a URL as a mention has it: a host, or a host with a path; None if it names none.

    The path ends before a part that is a template or looks like a secret; user, port and query
    are left out. ``may_be_bare``: a host without a scheme counts.
    """
    text = text.strip()
    if len(text) > _LONGEST or not text or text.isspace():
        return None
    if not _SCHEME.match(text) and not (may_be_bare and _BARE.fullmatch(text)):
        return None
    encoded = text.encode("utf-8", "surrogatepass")
    host = _host(host_of_url(encoded).decode("utf-8", "replace"))
    if not host:
        return None
    path = plain_path(path_of_url(encoded) or "")
    return (Identifier.HOST_PATH, host + path) if path else (Identifier.HOST, host)


def model(text: str) -> str:
    """Return a model's name as it is written; "" for a path, a file, a placeholder, a secret."""
    text = text.strip()
    if arn := _ARN.fullmatch(text):
        text = arn[1]
    if len(text) > _LONGEST_MODEL or "//" in text:
        return ""
    if not _MODEL.fullmatch(text):
        return text if _SHOWN_MODEL.fullmatch(text) else ""
    if _A_FILE.search(text, max(len(text) - 12, 0)) and _A_FILE.fullmatch(text, text.rfind(".")):
        return ""
    if _NO_MODEL.fullmatch(text) or text.isdigit() or is_secret_like(text):
        return ""
    if "_" in text and is_shouted(text):
        return ""  # the name of a variable that holds it
    return text


def hub_model(text: str) -> str:
    """Return a model's name on a hub or of a provider; "" for a path.

    ``owner/name``, an old name without owner (``gpt2``), or ``provider:name``.
    """
    text = text.strip()
    is_path = text.count("/") > 1 or text[1:2] == ":"
    return "" if is_path else model(text)


def variable(text: str) -> str:
    """Return the name of an environment variable; "" if it can be none."""
    return text if _ENV.fullmatch(text) and not is_secret_like(text) else ""


def is_shouted(text: str) -> bool:
    """Whether a text is spelled as environment variables usually are: OPENAI_API_KEY."""
    return _SHOUTED.fullmatch(text) is not None and len(text) <= 100


def is_secret_like(text: str) -> bool:
    """Whether a text holds what looks like a key or an identity: long, random, with digits."""
    if _SECRET.search(text) or _ID.search(text):
        return True
    return any(
        any(one.isdigit() for one in run) and any(one.isalpha() for one in run)
        for run in _LONG_RUN.findall(text)
    )


def _may_be_bare(name: str) -> bool:
    return not _BARE_WORDS.isdisjoint(words_of(name))


def _host(authority: str) -> str:
    """Return a folded host; "" for a placeholder, the machine itself, and what may be anybody's.

    What a program fills in is ``*``: of ``https://{name}.openai.azure.com`` all but a label is told.
    """
    authority = _OPEN_PORT.sub("", authority.rpartition("@")[2])
    if end := _OPEN_END.search(authority):
        authority = authority[: end.start(1)]  # f"https://api.openai.com{path}"
    if _WILD in authority:
        return ""
    authority = _FILLED_IN.sub(_WILD, authority)
    if not authority.startswith("[") and _TEMPLATE.search(authority.replace(_WILD, "")):
        return ""
    if _WILD in registrable_tail(authority):
        return ""
    host = fold(authority.encode("utf-8", "replace"))
    return host if _HOST.fullmatch(host) and not _NOBODY.fullmatch(host) else ""


def plain_path(path: str) -> str:
    """Return the path of a URL up to the first part that is a template or looks like a secret."""
    kept = []
    for part in path.split("/"):
        if _TEMPLATE.search(part) or is_secret_like(part) or _is_token(part):
            break
        kept.append(part)
    return "/".join(kept).rstrip("/")


def _is_token(part: str) -> bool:
    """Whether a part of a path may be a token, or hold a password; some long names are like it."""
    if "@" in part or _BOT.match(part):
        return True
    digits = sum(map(str.isdigit, part))
    return len(part) >= _LONG_PART and digits > 1
