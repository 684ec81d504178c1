"""Headings that tell kinds of tables apart, folded."""

# What a row about one request has, and no list of applications.
OF_LOGS = frozenset(
    {
        "timestamp", "datetime", "eventtime", "starttime", "logtime", "ts", "epoch",
        "srcip", "sourceip", "sourceaddress", "clientip", "clientaddress", "cip", "srcaddr",
        "dstip", "destip", "destinationip", "dst", "destinationaddress", "serverip", "src",
        "srcport", "dstport", "sourceport", "destinationport", "dsthost", "desthost",
        "destinationhost", "destinationhostname", "hostname", "dsthostname", "urldomain",
        "query", "qname", "qtype", "rcode", "sni", "useragent", "csuseragent", "referer",
        "httpmethod", "csmethod", "requestmethod", "statuscode", "scstatus", "responsecode",
        "csuri", "csuristem", "requesturl", "fullurl", "bytessent", "bytesreceived",
    }
)  # fmt: skip
# What a line of an account has.
OF_MONEY = frozenset(
    {"amount", "amountusd", "betrag", "montant", "importe", "debit", "merchant", "merchantname"}
)
# What a list of an identity provider's applications has.
OF_SIGN_ON = frozenset(
    {
        "clientid", "entityid", "acsurl", "acsorredirecturl", "redirecturi", "redirecturis",
        "signonmode", "ssotype", "ssomode", "ssourl", "loginurl", "samlentityid",
    }
)  # fmt: skip
