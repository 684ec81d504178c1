"""The sixty invented people of Harbour & Pine: those whom the logs name, and the others."""
import random

DOMAIN = "harbour-pine.example"
HEAD = "kay.whitman"
ADMIN = "luis.mendes"        # runs the systems, and consents for everybody
GONE = "martin.hale"         # has left, with consents and an entry of the register in his name

# name: (department, manager). The logs of the proxy name all of them but lena.fischer, who
# stands in the code.
NAMED = {
    "kay.whitman": ("Management", ""),
    "ana.ruiz": ("Design", "kay.whitman"),
    "lucia.ferrari": ("Design", "ana.ruiz"),
    "tom.baker": ("Sales", "kay.whitman"),
    "priya.shah": ("Sales", "tom.baker"),
    "martin.hale": ("Finance", "kay.whitman"),
    "nora.quinn": ("Finance", "kay.whitman"),
    "j.okafor": ("Operations", "kay.whitman"),
    "luis.mendes": ("Operations", "j.okafor"),
    "marta.nowak": ("Bids and translation", "tom.baker"),
    "s.lindqvist": ("Research", "kay.whitman"),
    "emil.berg": ("Research", "s.lindqvist"),
    "lena.fischer": ("Software", "kay.whitman"),
    "dev.patel": ("Software", "lena.fischer"),
    "h.tanaka": ("Software", "lena.fischer"),
    "r.osei": ("Engineering", "kay.whitman"),
    "g.petrov": ("Workshop", "r.osei"),
}
_FIRST = """alba bruno carys dario edda farid gwen hugo ines jonas kiran leif maeve niko oona pavel
rosa sami tilda umar vera wim yara zeno""".split()
_LAST = """abbot brandt castell dufour eklund fenwick gallo hartog ivers joubert kemp larkin moreau
novak oakes pryce""".split()
_UNITS = ("Design", "Sales", "Engineering", "Workshop", "Operations", "Research", "Finance")
_HEADS = {
    "Design": "ana.ruiz", "Sales": "tom.baker", "Engineering": "r.osei", "Workshop": "g.petrov",
    "Operations": "j.okafor", "Research": "s.lindqvist", "Finance": "kay.whitman",
}
# The studio works in Google Workspace; everybody has an account of Microsoft 365.
STUDIO = ("ana.ruiz", "lucia.ferrari", "j.okafor", "s.lindqvist", "emil.berg", "priya.shah",
          "martin.hale", "luis.mendes")


def people(rng: random.Random) -> dict[str, tuple[str, str]]:
    """Return department and manager of all sixty, by name."""
    everybody = dict(NAMED)
    while len(everybody) < 60:
        name = f"{rng.choice(_FIRST)}.{rng.choice(_LAST)}"
        unit = rng.choice(_UNITS)
        everybody.setdefault(name, (unit, _HEADS[unit]))
    return everybody


def address(name: str) -> str:
    """Return the address by which directories know somebody."""
    return f"{name}@{DOMAIN}" if name else ""
