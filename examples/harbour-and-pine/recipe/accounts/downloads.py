"""What needs no access: expenses, the register of applications, browsers' extensions, another SSO."""
import random

from staff import ADMIN, GONE, NAMED, address

# (day, who, merchant, amount, currency). ElevenLabs and HeyGen stand in no log.
AI_SPENDING = (
    ("2026-09-14", "lucia.ferrari", "MIDJOURNEY INC.", "30.00", "USD"),
    ("2026-10-14", "lucia.ferrari", "MIDJOURNEY INC.", "30.00", "USD"),
    ("2026-10-03", "ana.ruiz", "OPENAI *CHATGPT SUBSCR", "20.00", "USD"),
    ("2026-11-03", "ana.ruiz", "OPENAI *CHATGPT SUBSCR", "20.00", "USD"),
    ("2026-10-21", "tom.baker", "ELEVENLABS.IO", "22.00", "USD"),
    ("2026-11-05", "kay.whitman", "HEYGEN TECHNOLOGY", "29.00", "USD"),
)
# Merchants that are called like AI and are none.
TRAPS = (("2026-10-09", "nora.quinn", "CLAUDE'S BISTRO", "64.50", "EUR"),
         ("2026-10-30", "r.osei", "GEMINI HARDWARE LTD", "118.20", "GBP"),
         ("2026-11-10", "g.petrov", "OTTER MARINE SUPPLIES", "49.99", "GBP"))
_MERCHANTS = ("RAILWAY TICKETS", "HARBOUR HOTEL", "TIMBER YARD 7", "CAFE AM HAFEN", "CITY TAXI",
              "PLOTTER PAPER CO", "AIRLINE 4711")


def expenses() -> str:
    """Return an export of expenses: a line a receipt."""
    rng = random.Random(7)
    rows = [*AI_SPENDING, *TRAPS]
    for _ in range(40):
        day = f"2026-{rng.choice((9, 10, 11)):02}-{rng.randrange(1, 20):02}"
        amount = f"{rng.randrange(400, 29000) / 100:.2f}"
        rows.append((day, rng.choice(list(NAMED)), rng.choice(_MERCHANTS), amount, "EUR"))
    lines = ["Transaction Date,Employee Email,Department,Merchant,Amount,Currency"]
    for day, who, merchant, amount, currency in sorted(rows):
        lines.append(f"{day},{address(who)},{NAMED[who][0]},{merchant},{amount},{currency}")
    return "\n".join(lines) + "\n"


def register() -> str:
    """Return the organisation's own register; its names are spelled as people write them."""
    rows = (
        ("Chat GPT", "Open AI", ADMIN, "Operations", "approved", "2026-03-01", ""),
        ("Deepl Pro", "DeepL SE", "marta.nowak", "Bids and translation", "approved", "2025-11-20", "https://www.deepl.com"),
        ("Github CoPilot", "GitHub, Inc.", "lena.fischer", "Software", "approved", "2026-02-02", ""),
        ("Claude (Anthropic)", "Anthropic PBC", GONE, "Finance", "on trial", "2026-09-01", ""),
        ("Mid-Journey", "Midjourney, Inc.", "ana.ruiz", "Design", "tolerated", "2026-05-11", ""),
        ("Notion", "Notion Labs", "priya.shah", "Sales", "approved", "2025-04-01", "https://www.notion.so"),
        ("Quote desk", "", "priya.shah", "Sales", "own", "2026-01-15", ""),
        ("Monet", "Claude Monet Gallery", "nora.quinn", "Finance", "approved", "2024-06-01", ""),
        ("AutoCAD", "Autodesk", "r.osei", "Engineering", "approved", "2021-01-01", ""),
    )
    lines = ["Application;Vendor;Owner;Department;Status;Since;Website"]
    lines += [
        ";".join((name, vendor, address(owner), *rest))
        for name, vendor, owner, *rest in rows
    ]
    return "\n".join(lines) + "\n"


def extensions() -> str:
    """Return the browsers' inventory: an extension of a person's browser a line."""
    rows = (
        ("difoiogjjojoaoomphldepapgpbgkhkb", "Sider: Chat with all AI", "5.12.0", "HP-LT-014", "j.okafor"),
        ("ejcfepkfckglbgocfkanmcdngdijcgld", "ChatGPT search", "1.4.0", "HP-WS-011", "ana.ruiz"),
        ("kbfnbcaeplbcioakkpcpgfkobkghlhen", "Grammarly", "14.1230.0", "HP-WS-022", "marta.nowak"),
        ("cjpalhdlnbpafiamejdnhcphjbkeiagm", "uBlock Origin", "1.67.0", "HP-WS-021", "dev.patel"),
        ("eimadpbcbfnmbkopoojfekhnkhdbieeh", "Dark Reader", "4.9.110", "HP-WS-027", "nora.quinn"),
    )
    lines = ["Extension ID,Extension Name,Extension version,Device name,User,Last seen"]
    lines += [f"{key},{name},{version},{device},{address(who)},2026-11-19"
              for key, name, version, device, who in rows]
    return "\n".join(lines) + "\n"


def workshop_sso() -> str:
    """Return the list of applications of a third identity provider."""
    rows = (
        ("Midjourney", "https://www.midjourney.com/saml", "https://www.midjourney.com/saml/acs", "ana.ruiz", 4, "2026-11-18"),
        ("Miro", "https://miro.com/", "https://miro.com/sso/saml", "lucia.ferrari", 9, "2026-11-20"),
        ("Laser cutter", "urn:laser", "https://laser-cutter.example/acs", "g.petrov", 6, "2026-11-19"),
    )
    lines = ["app_name;entity_id;acs_or_redirect_url;sign_on_mode;owner;assigned_users;last_login"]
    lines += [";".join((name, entity, acs, "SAML_2_0", address(owner), str(people), last))
              for name, entity, acs, owner, people, last in rows]
    return "\n".join(lines) + "\n"
