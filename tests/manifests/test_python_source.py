"""Python programs: imports, variables, addresses and models, and what is none of them."""

import pytest

from scanner.manifests import Group, Mention, Tie, Unreadable
from scanner.manifests.kinds.python_source import MANIFEST
from scanner.model import Identifier
from tests.manifests.support import mentions, troubles

IMPORT, ENV, MODEL = Identifier.IMPORT, Identifier.ENV, Identifier.MODEL
HOST, HOST_PATH = Identifier.HOST, Identifier.HOST_PATH


def seen(text: str, *channels: Identifier) -> list[tuple[str, int]]:
    """Return the values and lines of what a program mentions, of some channels or of all."""
    return [
        (one.value, one.line)
        for one in mentions(MANIFEST, "app/main.py", text)
        if not channels or one.channel in channels
    ]


def test_imports_at_any_depth_with_full_names() -> None:
    text = """\
import os, langchain.chains as chains
from google import genai
from azure.ai.inference import (
    ChatCompletionsClient,
    models,
)
try:
    import anthropic
except ImportError:
    anthropic = None
if TYPE_CHECKING:
    from openai.types import Batch

def late():
    import torch
    class Inner:
        from llama_index.llms import openai as llm
    return importlib.import_module("google.generativeai"), __import__("cohere")
pytest.importorskip("vllm")
"""
    assert seen(text) == [
        ("langchain.chains", 1),
        ("os", 1),
        ("google", 2),
        ("google.genai", 2),
        ("azure.ai.inference", 3),
        ("azure.ai.inference.models", 5),
        ("anthropic", 8),
        ("openai.types", 12),
        ("torch", 15),
        ("llama_index.llms", 17),
        ("llama_index.llms.openai", 17),
        ("cohere", 18),
        ("google.generativeai", 18),
        ("vllm", 19),
    ]


def test_what_is_no_import() -> None:
    text = '''\
"""import openai"""
# import anthropic
from . import openai
from .openai import client
from .. import langchain
import_module(".cohere", package=__name__)
import_module(name)
import_module("no module at all")
text = "import torch"
'''
    assert seen(text) == []


def test_a_mention_is_whole() -> None:
    assert mentions(MANIFEST, "app/x.py", 'import openai\nMODEL = "gpt-4o"\n') == [
        Mention(IMPORT, "openai", 1, tie=Tie.IMPORTED),
        Mention(MODEL, "gpt-4o", 2, tie=Tie.CONFIGURED),
    ]


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("app/main.py", Group.RUNTIME),
        ("tests/helpers.py", Group.TEST),
        ("app/test_main.py", Group.TEST),
        ("app/main_test.py", Group.TEST),
        ("conftest.py", Group.TEST),
        ("examples/chat/app.py", Group.EXAMPLE),
        ("setup.py", Group.BUILD),
        ("app/latest/contest.py", Group.RUNTIME),
    ],
)
def test_the_group_is_that_of_the_path(path: str, group: Group) -> None:
    assert [one.group for one in mentions(MANIFEST, path, "import openai\n")] == [group]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ('OpenAI(base_url="https://openrouter.ai/api/v1")', "openrouter.ai/api/v1"),
        ('OpenAI(base_url="https://API.DeepSeek.com/")', "api.deepseek.com"),
        ('openai.api_base = "https://api.groq.com/openai/v1"', "api.groq.com/openai/v1"),
        ('ChatOpenAI(openai_api_base="https://api.together.xyz/v1")', "api.together.xyz/v1"),
        ('AzureOpenAI(azure_endpoint="https://acme.openai.azure.com")', "acme.openai.azure.com"),
        (
            'ClientOptions(api_endpoint="us-central1-aiplatform.googleapis.com")',
            "us-central1-aiplatform.googleapis.com",
        ),
        ('Client(host="api.cohere.ai:443")', "api.cohere.ai"),
        (
            'ENDPOINT_URL: str = "wss://api.openai.com/v1/realtime?model=x"',
            "api.openai.com/v1/realtime",
        ),
        (
            'requests.post("https://api.anthropic.com/v1/messages", json=body)',
            "api.anthropic.com/v1/messages",
        ),
        ('httpx.request("POST", "https://api.x.ai/v1")', "api.x.ai/v1"),
        ('cfg = {"base_url": "https://user:pw@api.mistral.ai:443/v1"}', "api.mistral.ai/v1"),
        ('os.environ["OPENAI_API_BASE"] = "https://api.perplexity.ai"', "api.perplexity.ai"),
        ('def f(*, endpoint="https://api.voyageai.com/v1"): pass', "api.voyageai.com/v1"),
        ('u = os.getenv("X", "https://api.ai21.com")\nf(url=u)', "api.ai21.com"),
        ('f(url=given or "https://api.ai21.com")', "api.ai21.com"),
        ('f(url="https://api.ai21.com" if x else y)', "api.ai21.com"),
        ('f(url=f"https://api.openai.com/v1/{kind}/x")', "api.openai.com/v1"),
        ('f(url=f"https://api.openai.com{path}")', "api.openai.com"),
        ('f(base_url=f"https://{name}.openai.azure.com/")', "*.openai.azure.com"),
        ('f(base_url="https://" + name + ".openai.azure.com/")', "*.openai.azure.com"),
        ('f(url="https://{}.openai.azure.com/openai".format(n))', "*.openai.azure.com/openai"),
        ('f(url="https://%s.openai.azure.com" % n)', "*.openai.azure.com"),
        ('f(url=f"https://bedrock.{region}.amazonaws.com")', "bedrock.*.amazonaws.com"),
        ('f(url=f"https://api.openai.com:{port}/v1")', "api.openai.com/v1"),
        ('B = "https://api.openai.com"\nf(url=B + "/v1")', "api.openai.com/v1"),
        ('B = "https://api.openai.com"\nf(url=f"{B}/v1/chat")', "api.openai.com/v1/chat"),
        ('p.add_argument("--api-url", default="https://api.openai.com/v1")', "api.openai.com/v1"),
        ('f(url="https://api.telegram.org/bot12345:AAxx/send")', "api.telegram.org"),
        (
            'f(url="https://hooks.acme.com/services/0123456789abcdefABCDEF012")',
            "hooks.acme.com/services",
        ),
    ],
)
def test_addresses(line: str, value: str) -> None:
    assert [one for one, _ in seen(line, HOST, HOST_PATH)] == [value]


@pytest.mark.parametrize(
    "line",
    [
        'f(base_url="https://example.com/v1")',
        'f(base_url="http://localhost:11434/v1")',
        'f(base_url="http://127.0.0.1:8000")',
        'f(base_url="https://your-resource.openai.azure.com/")',
        'f(base_url="https://<resource>.openai.azure.com/")',
        'f(base_url=f"https://{name}.com/openai.azure.com")',
        'f(base_url=f"https://{name}")',
        'f(url="/v1/models")',
        'f(url="users.list.show")',
        'f(host="0.0.0.0")',
        'f(text="https://api.openai.com")',
        '"https://api.openai.com"',
        '# base_url = "https://api.openai.com"',
        "f(base_url=unknown)",
        "f(url='')",
        "url = url + url\nurl = url + url\nf(url=url)",
    ],
)
def test_what_is_no_address(line: str) -> None:
    assert seen(line, HOST, HOST_PATH) == []


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ('client.chat.completions.create(model="gpt-4o")', "gpt-4o"),
        ('ChatOpenAI(model_name="gpt-3.5-turbo")', "gpt-3.5-turbo"),
        ('AzureChatOpenAI(deployment_name="gpt-4-eu")', "gpt-4-eu"),
        ('openai.Completion.create(engine="text-davinci-003")', "text-davinci-003"),
        (
            'invoke_model(modelId="anthropic.claude-3-haiku-20240307-v1:0")',
            "anthropic.claude-3-haiku-20240307-v1:0",
        ),
        (
            'f(model_id="arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0")',
            "amazon.nova-lite-v1:0",
        ),
        (
            'litellm.completion(model="anthropic/claude-3-5-sonnet-20241022")',
            "anthropic/claude-3-5-sonnet-20241022",
        ),
        ('init_chat_model("openai:gpt-4.1")', "openai:gpt-4.1"),
        ('dspy.LM("openai/gpt-4o-mini")', "openai/gpt-4o-mini"),
        ('AutoModel.from_pretrained("mistralai/Mistral-7B-v0.1")', "mistralai/Mistral-7B-v0.1"),
        ('AutoModel.from_pretrained("bert-base-uncased")', "bert-base-uncased"),
        ('NAME = "org/name"\nT.from_pretrained(NAME, revision="x")', "org/name"),
        ('T.from_pretrained(pretrained_model_name_or_path="org/name")', "org/name"),
        ('pipeline("text-generation", model="org/name")', "org/name"),
        ('pipeline("text-generation", "org/name")', "org/name"),
        ('snapshot_download(repo_id="org/name")', "org/name"),
        ('hf_hub_download("org/name", "config.json")', "org/name"),
        ('SentenceTransformer("all-MiniLM-L6-v2")', "all-MiniLM-L6-v2"),
        ('genai.GenerativeModel("gemini-1.5-pro")', "gemini-1.5-pro"),
        ('requests.post(u, json={"model": "sonar-pro"})', "sonar-pro"),
        ('class S:\n    openai_model: str = Field("gpt-4.1", env="M")', "gpt-4.1"),
        ('def ask(q, model="o3-mini"): ...', "o3-mini"),
        ('p.add_argument("-m", "--model", default="gpt-5")', "gpt-5"),
        ('M = "gpt-4o"\ndef f():\n    return g(model=M)', "gpt-4o"),
    ],
)
def test_models(line: str, value: str) -> None:
    assert [one for one, _ in seen(line, MODEL)] == [value]


@pytest.mark.parametrize(
    "line",
    [
        'read_csv(path, engine="python")',
        'f(model="./models/churn")',
        'f(model="churn.pkl")',
        'f(model="your-model-name")',
        'f(model="")',
        'f(model=f"openai/{name}")',
        'f(model="a model of ours")',
        'f(model="sk-proj-abcdefghijklmnop1234")',
        'f(model="c0ffee00c0ffee00c0ffee00")',
        'AUTH_USER_MODEL = "accounts.User"',
        'T.from_pretrained("./checkpoint/last")',
        'T.from_pretrained("/models/a/b")',
        'T.from_pretrained("C:/models/b")',
        'T.from_pretrained("out/runs/b")',
        'snapshot_download("org/data", repo_type="dataset")',
        "f(model=3)",
        'ENV_MODEL = "ACME_CHAT_MODEL"',
        "# model = 'gpt-4o'",
    ],
)
def test_what_is_no_model(line: str) -> None:
    assert seen(line, MODEL) == []


def test_a_constant_is_that_of_the_nearest_scope_and_has_its_line() -> None:
    text = """\
NAME = "gpt-4o"
def one():
    NAME = "o1"
    return f(model=NAME)
def two():
    return f(model=NAME)
"""
    assert seen(text, MODEL) == [("gpt-4o", 1), ("o1", 3)]


def test_variables() -> None:
    text = """\
os.environ["OPENAI_API_KEY"]
os.environ.get("ANTHROPIC_API_KEY", "sk-ant-none")
os.getenv("MISTRAL_API_KEY")
getenv("COHERE_API_KEY")
environ["GROQ_API_KEY"] = "gsk_x"
"XAI_API_KEY" in os.environ
config("DEEPSEEK_API_KEY", default="")
env.str("HF_TOKEN")
click.option("--key", envvar="TOGETHER_API_KEY")
userdata.get("GOOGLE_API_KEY")
st.secrets["PINECONE_API_KEY"]
ENV_MODEL = "ACME_CHAT_MODEL"; os.getenv(ENV_MODEL)
os.environ[name]
settings.get("NOT_A_VARIABLE")
config("a text")
"""
    assert seen(text, ENV) == [
        ("OPENAI_API_KEY", 1),
        ("ANTHROPIC_API_KEY", 2),
        ("MISTRAL_API_KEY", 3),
        ("COHERE_API_KEY", 4),
        ("GROQ_API_KEY", 5),
        ("XAI_API_KEY", 6),
        ("DEEPSEEK_API_KEY", 7),
        ("HF_TOKEN", 8),
        ("TOGETHER_API_KEY", 9),
        ("GOOGLE_API_KEY", 10),
        ("PINECONE_API_KEY", 11),
        ("ACME_CHAT_MODEL", 12),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import os\nprint 'x'\n", "not Python 3: Missing parentheses"),
        ("import os\nexec 'x' in y\n", ", line 2"),
        ("a = 1\0", "not Python 3: "),
        ("- " * 5_000 + "x", "nested too deep"),
        ("a" + ".b" * 50_000, "nested too deep"),
        ("x = 1" + "+1" * 50_000, "nested too deep"),
    ],
)
def test_what_is_no_python_3_is_said_so(text: str, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        mentions(MANIFEST, "a.py", text)
    assert reason in str(caught.value)


def test_of_a_damaged_program_the_parts_are_read_that_can_be() -> None:
    text = """\
import openai

@app.get("/a")
def asked():
    return print "x"

class Answers:
    model = "gpt-4o"

    def ask(self):
        return f"{a["b" + ]}"

    async def later(self, model="gpt-4o-mini"):
        import anthropic

def last():
    import cohere
"""
    assert seen(text) == [
        ("openai", 1),
        ("gpt-4o", 8),
        ("gpt-4o-mini", 13),
        ("anthropic", 14),
        ("cohere", 17),
    ]
    (trouble,) = troubles(MANIFEST, "app/main.py", text)
    assert trouble.reason.startswith("only parts of it are read: not Python 3: ")


def test_warnings_about_the_program_are_its_own() -> None:
    assert seen('import re\nre.compile("\\d")\nx is 3\n') == [("re", 1)]
