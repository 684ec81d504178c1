"""Microsoft's own AI: the products that a tenant buys or builds with, and how licences name them.

The ids are Microsoft's: product and service plan names in its licensing reference,
https://learn.microsoft.com/en-us/entra/identity/users/licensing-service-plan-reference. Plans that
come with every Office licence (Power Virtual Agents for Office 365, the retired Bing_Chat_Enterprise)
are left out: they say nothing of whether anybody wanted AI.
"""

from __future__ import annotations

from typing import NamedTuple

from scanner.model import App

# The tenant that Microsoft's own applications belong to. Most of them are no AI.
MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"


class Product(NamedTuple):
    """A product of Microsoft's, with an address or a client id that its signatures know."""

    key: str
    name: str
    url: str = ""
    client_id: str = ""

    def app(self) -> App:
        """Return the product as an application of the account."""
        return App(
            self.key,
            self.name,
            idp="entra" if self.client_id else "",
            client_id=self.client_id,
            owner_tenant=MICROSOFT,
            publisher="Microsoft",
            urls=(self.url,) if self.url else (),
            kind="product",
        )


M365_COPILOT = Product(
    "product:m365-copilot", "Microsoft 365 Copilot", "https://copilot.cloud.microsoft"
)
COPILOT_STUDIO = Product(
    "product:copilot-studio", "Microsoft Copilot Studio", "https://copilotstudio.microsoft.com"
)
AGENT_ID = Product(
    "product:agent-365", "Agent 365", client_id="59eca866-2f46-40b8-96ff-63f663121ef9"
)
AI_BUILDER = Product(
    "product:ai-builder", "AI Builder", client_id="ad40333e-9910-4b61-b281-e3aeeb8c3ef3"
)
SALES_COPILOT = Product("product:sales-copilot", "Microsoft Sales Copilot")
AZURE_OPENAI = Product("product:azure-openai", "Azure OpenAI", "https://openai.azure.com")
AI_FOUNDRY = Product("product:azure-ai-foundry", "Azure AI Foundry", "https://ai.azure.com")
AI_SERVICES = Product(
    "product:azure-ai-services", "Azure AI services", "https://cognitiveservices.azure.com"
)
MACHINE_LEARNING = Product(
    "product:azure-machine-learning", "Azure Machine Learning", "https://ml.azure.com"
)
AI_SEARCH = Product("product:azure-ai-search", "Azure AI Search", "https://search.windows.net")
BOT_SERVICE = Product(
    "product:azure-bot-service", "Azure AI Bot Service", "https://dev.botframework.com"
)


class Licence(NamedTuple):
    """What a licence is called, and which product it is for."""

    product: Product
    name: str


SKUS = {
    "639dec6b-bb19-468b-871c-c5c441c4b0cb": Licence(M365_COPILOT, "Microsoft 365 Copilot"),
    "a809996b-059e-42e2-9866-db24b99a9782": Licence(
        M365_COPILOT, "Microsoft 365 Copilot (M365_Copilot)"
    ),
    "3227bcb2-8448-4f81-b3c2-8c2074e15a2a": Licence(SALES_COPILOT, "Microsoft Sales Copilot"),
    "e4e55366-9635-46f4-a907-fc8c3b5ec81f": Licence(COPILOT_STUDIO, "Power Virtual Agent"),
    "9900a3e2-6660-4c52-9074-60c949991389": Licence(COPILOT_STUDIO, "Power Virtual Agent for GCC"),
    "4b74a65c-8b4a-4fc8-9f6b-5177ed11ddfa": Licence(
        COPILOT_STUDIO, "Power Virtual Agent User License"
    ),
    "f1de227b-f1bd-4959-bd80-b80547095e6d": Licence(
        COPILOT_STUDIO, "Power Virtual Agent User License for GCC"
    ),
    "606b54a9-78d8-4298-ad8b-df6ef4481c80": Licence(
        COPILOT_STUDIO, "Power Virtual Agents Viral Trial"
    ),
    "d2dea78b-507c-4e56-b400-39447f4738f8": Licence(AI_BUILDER, "AI Builder Capacity add-on"),
}

# Service plans, of which a licence holds many. Only those that no licence without AI holds.
PLANS = {
    "a62f8878-de10-42f3-b68f-6149a25ceb97": Licence(M365_COPILOT, "M365_COPILOT_APPS"),
    "3f30311c-6b1e-48a4-ab79-725b469da960": Licence(M365_COPILOT, "M365_COPILOT_BUSINESS_CHAT"),
    "b95945de-b3bd-46db-8437-f2beb6ea2347": Licence(M365_COPILOT, "M365_COPILOT_TEAMS"),
    "89f1c4c8-0878-40f7-804d-869c9128ab5d": Licence(M365_COPILOT, "M365_COPILOT_CONNECTORS"),
    "0aedf20c-091d-420b-aadf-30c042609612": Licence(M365_COPILOT, "M365_COPILOT_SHAREPOINT"),
    "82d30987-df9b-4486-b146-198b21d164c7": Licence(M365_COPILOT, "GRAPH_CONNECTORS_COPILOT"),
    "fe6c28b3-d468-44ea-bbd0-a10a5167435c": Licence(
        M365_COPILOT, "COPILOT_STUDIO_IN_COPILOT_FOR_M365"
    ),
    "1263586c-59a4-4ad0-85e1-d50bc7149501": Licence(COPILOT_STUDIO, "Virtual Agent"),
    "0bdd5466-65c3-470a-9fa6-f679b48286b0": Licence(
        COPILOT_STUDIO, "Power Virtual Agent USL for GCC"
    ),
    "ce312d15-8fdf-44c0-9974-a25a177125ee": Licence(
        COPILOT_STUDIO, "Dynamics 365 AI for Customer Service Virtual Agents Viral"
    ),
}

_OF_AZURE = {
    "microsoft.machinelearningservices/workspaces": MACHINE_LEARNING,
    "microsoft.search/searchservices": AI_SEARCH,
    "microsoft.botservice/botservices": BOT_SERVICE,
    "microsoft.cognitiveservices/accounts/projects": AI_FOUNDRY,
}
_OF_ACCOUNT = {"openai": AZURE_OPENAI, "aiservices": AI_FOUNDRY}
_OF_WORKSPACE = {"hub": AI_FOUNDRY, "project": AI_FOUNDRY}


def product_of(resource_type: str, kind: str) -> Product:
    """Return the product that an Azure resource is made of."""
    named = resource_type.lower()
    if named == "microsoft.machinelearningservices/workspaces":
        return _OF_WORKSPACE.get(kind.lower(), MACHINE_LEARNING)
    return _OF_AZURE.get(named) or _OF_ACCOUNT.get(kind.lower(), AI_SERVICES)
