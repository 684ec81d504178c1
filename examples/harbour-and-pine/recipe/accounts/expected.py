"""What the accounts show, from the tables that they are made of and not from any scanner's reading."""
import downloads
import entra
import github
import google
from staff import ADMIN, GONE, address

# Which account or file says something of which product.
PRODUCTS = {
    "ChatGPT": ["entra", "google", "google-accessed-apps", "google-oauth-log", "expenses",
                "applications", "browser-extensions"],
    "Claude": ["entra", "google", "google-accessed-apps", "okta", "applications"],
    "Otter": ["entra"],
    "DeepL Translator and Write": ["entra", "applications"],
    "Microsoft 365 Copilot": ["entra"],
    "Gemini": ["google"],
    "Perplexity": ["okta"],
    "Midjourney": ["workshop-sso", "expenses", "applications"],
    "GitHub Copilot": ["github", "applications"],
    "CodeRabbit": ["github"],
    "ElevenLabs": ["expenses"],
    "HeyGen": ["expenses"],
    "Sider": ["browser-extensions"],
    "Grammarly": ["browser-extensions"],
}
REACH = {  # product: area: (right, whose)
    "ChatGPT": {"files": ("read", "everybody"), "sites": ("read", "everybody"),
                "mail": ("read", "some"), "calendar": ("read", "some")},
    "Claude": {"mail": ("read", "everybody"), "chat": ("read", "everybody"),
               "files": ("read", "everybody"), "sites": ("read", "everybody")},
    "Otter": {"calendar": ("read", "organisation"), "meetings": ("read", "some")},
    "CodeRabbit": {"code": ("read and change", "organisation")},
}
OWNERS = {
    "ChatGPT": {address(ADMIN): ["consented for everyone", "named in the organisation's own register"]},
    "Claude": {address(GONE): ["added it to Okta", "consented for everyone",
                               "named in the organisation's own register"]},
    "Otter": {address(ADMIN): ["consented for everyone"]},
    "DeepL Translator and Write": {address("marta.nowak"): ["named in the organisation's own register"]},
    "GitHub Copilot": {address("lena.fischer"): ["named in the organisation's own register"]},
    "Midjourney": {address("ana.ruiz"): ["named in the organisation's own register",
                                         "owner in the list of applications"]},
}
NO_SYSTEMS = ["Claude Monet Gallery", "Notion", "Miro", "Zoom", "MinuteMind AI Notetaker",
              "Claude's Bistro", "Gemini Hardware", "Otter Marine Supplies", "Autodesk", "Dropbox"]
_MERCHANTS = {"MIDJOURNEY INC.": "Midjourney", "OPENAI *CHATGPT SUBSCR": "ChatGPT",
              "ELEVENLABS.IO": "ElevenLabs", "HEYGEN TECHNOLOGY": "HeyGen"}


def figures() -> dict:
    """Return all of it, as expected.json holds it."""
    spend: dict[str, float] = {}
    for _, _, merchant, amount, _ in downloads.AI_SPENDING:
        name = _MERCHANTS[merchant]
        spend[name] = spend.get(name, 0) + float(amount)
    seats = [last for _, last in github.SEATS.values()]
    copilot = list(entra.COPILOT_PEOPLE.values())
    return {
        "products": PRODUCTS,
        "reach": {name: {area: list(said) for area, said in areas.items()}
                  for name, areas in REACH.items()},
        "seats": {
            "GitHub Copilot": {"bought": 4, "assigned": len(seats), "never_used": seats.count(None)},
            "Microsoft 365 Copilot": {"bought": 5, "assigned": len(copilot),
                                      "never_used": copilot.count("")},
        },
        "spend": {name: {"currency": "USD", "amount": amount} for name, amount in spend.items()},
        "owners": OWNERS,
        "left": [address(GONE)],
        "candidates": [google.NAMES[google.NOTES]],
        "no_systems": NO_SYSTEMS,
        "built": ["@harbour/berth-planner"],
        "not_complete": {"entra": {"Last use of applications": "not_licensed"},
                         "github": {"Use of Copilot by person and day": "not_licensed"},
                         "google": {"Grants of each person": "skipped"}},
    }


def page(found: dict) -> str:
    """Return the section of EXPECTED.md."""
    lines = [TITLE, "", "Written by `recipe/accounts/make.py` from the tables that the accounts are made of.", "",
             "| product | said by | may reach | seats (bought, handed out, never used) | paid |",
             "|---|---|---|---|---|"]
    for name, said_by in found["products"].items():
        reach = "; ".join(f"{area}: {right}, {whose}" for area, (right, whose)
                          in found["reach"].get(name, {}).items())
        seats = found["seats"].get(name)
        counted = ", ".join(map(str, seats.values())) if seats else ""
        paid = found["spend"].get(name)
        amount = f"{paid['currency']} {paid['amount']:.2f}" if paid else ""
        lines.append(f"| {name} | {', '.join(said_by)} | {reach} | {counted} | {amount} |")
    lines += ["", "Whose: `organisation` is everybody's data whoever is there, `everybody` that of whoever uses it,",
              "`some` that of those who agreed.", "", "| product | may own it | because |", "|---|---|---|"]
    for name, owners in found["owners"].items():
        lines += [f"| {name} | {owner} | {'; '.join(reasons)} |" for owner, reasons in owners.items()]
    lines += ["", f"- {', '.join(found['left'])} has left.",
              f"- A candidate and no system: {', '.join(found['candidates'])}, in Entra and in Google.",
              f"- No systems: {', '.join(found['no_systems'])}. Notion, Miro and Zoom may have AI inside: questions.",
              f"- Built, and on GitHub alone: {', '.join(found['built'])}.",
              "- One list each of Entra and of GitHub is not licensed, one of Google was not asked for."]
    return "\n".join(lines) + "\n"


TITLE = "## What stands in the accounts"
