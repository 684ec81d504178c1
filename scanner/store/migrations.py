"""The database, step by step. A step that has been released never changes; a new one follows it.

What scans observed and what people decided live in different tables, and no scan writes a
decision. Times are integers, microseconds since 1970 in UTC; days are days since 1970.
"""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

MIGRATIONS = Migrations("gnomon")


def _run(db: Database, statements: str) -> None:
    """Execute statements one by one: executescript would end the migration's transaction."""
    for statement in statements.split(";;"):
        if statement.strip():
            db.execute(statement)


@MIGRATIONS(name="0001_observed")
def _observed(db: Database) -> None:
    _run(
        db,
        """
        CREATE TABLE meta (
            key TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;;
        CREATE TABLE scan (
            id INTEGER PRIMARY KEY,
            started INTEGER NOT NULL,
            finished INTEGER,
            tool_version TEXT NOT NULL,
            pack_version TEXT NOT NULL,
            privacy TEXT NOT NULL
        ) STRICT;;
        CREATE TABLE source (
            id INTEGER PRIMARY KEY,
            fingerprint TEXT NOT NULL,
            length INTEGER NOT NULL,
            digest TEXT NOT NULL,
            size INTEGER NOT NULL,
            reading TEXT NOT NULL,
            name TEXT NOT NULL,
            format TEXT NOT NULL,
            first_scan INTEGER NOT NULL REFERENCES scan (id)
        ) STRICT;;
        CREATE INDEX source_by_fingerprint ON source (fingerprint);;
        CREATE TABLE scan_source (
            scan INTEGER NOT NULL REFERENCES scan (id),
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            source INTEGER REFERENCES source (id) ON DELETE SET NULL,
            state TEXT NOT NULL,
            reason TEXT,
            format TEXT,
            read INTEGER NOT NULL,
            parsed INTEGER NOT NULL,
            rejected INTEGER NOT NULL,
            ignored TEXT NOT NULL,
            rejects TEXT NOT NULL,
            first INTEGER,
            last INTEGER,
            time_quality TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            PRIMARY KEY (scan, position)
        ) STRICT, WITHOUT ROWID;;
        CREATE INDEX scan_source_by_source ON scan_source (source);;
        CREATE TABLE product (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            vendor TEXT NOT NULL,
            vendor_name TEXT NOT NULL,
            vendor_country TEXT,
            category TEXT NOT NULL,
            ai_nature TEXT NOT NULL
        ) STRICT;;
        CREATE TABLE detection (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            product INTEGER NOT NULL REFERENCES product (id),
            identifier TEXT NOT NULL,
            kind TEXT NOT NULL,
            creates_system INTEGER NOT NULL,
            confidence INTEGER NOT NULL
        ) STRICT;;
        CREATE TABLE actor (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            code TEXT NOT NULL,
            UNIQUE (kind, code)
        ) STRICT;;
        CREATE TABLE evidence (
            detection INTEGER NOT NULL REFERENCES detection (id),
            source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
            actor INTEGER NOT NULL REFERENCES actor (id),
            day INTEGER NOT NULL,
            channel TEXT NOT NULL,
            action TEXT NOT NULL,
            level INTEGER NOT NULL,
            plain INTEGER NOT NULL,
            ipv6 INTEGER NOT NULL,
            service INTEGER NOT NULL,
            bytes_up INTEGER NOT NULL,
            bytes_down INTEGER NOT NULL,
            first INTEGER,
            last INTEGER,
            line INTEGER NOT NULL,
            PRIMARY KEY (detection, source, actor, day, channel, action)
        ) STRICT, WITHOUT ROWID;;
        CREATE INDEX evidence_by_source ON evidence (source);;
        CREATE TABLE sighted_host (
            detection INTEGER NOT NULL REFERENCES detection (id),
            source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
            host TEXT NOT NULL,
            records INTEGER NOT NULL,
            PRIMARY KEY (detection, source, host)
        ) STRICT, WITHOUT ROWID;;
        CREATE INDEX sighted_host_by_source ON sighted_host (source);;
        CREATE TABLE system (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            product INTEGER NOT NULL UNIQUE REFERENCES product (id),
            first_scan INTEGER NOT NULL REFERENCES scan (id)
        ) STRICT, WITHOUT ROWID
        """,
    )


@MIGRATIONS(name="0002_decided")
def _decided(db: Database) -> None:
    """Review acts: written by people, added to and never changed."""
    _run(
        db,
        """
        CREATE TABLE decision (
            id INTEGER PRIMARY KEY,
            subject TEXT NOT NULL,
            verdict TEXT NOT NULL,
            reason TEXT NOT NULL,
            by TEXT NOT NULL,
            at INTEGER NOT NULL,
            review_due INTEGER,
            conditions TEXT
        ) STRICT;;
        CREATE INDEX decision_by_subject ON decision (subject, id);;
        CREATE TRIGGER decision_is_never_changed BEFORE UPDATE ON decision
        BEGIN SELECT RAISE(ABORT, 'decisions are never changed; record a new one'); END;;
        CREATE TRIGGER decision_is_never_removed BEFORE DELETE ON decision
        BEGIN SELECT RAISE(ABORT, 'decisions are never removed; record a new one'); END
        """,
    )


@MIGRATIONS(name="0003_views")
def _views(db: Database) -> None:
    """The views that reports, commands, Datasette and auditors read."""
    db.create_view(
        "evidence_detail",
        """
        SELECT product.key AS product, detection.key AS detection, detection.kind AS kind,
               detection.creates_system AS creates_system, detection.confidence AS confidence,
               source.id AS source_id, source.name AS source, source.digest AS source_digest,
               source.format AS format, source.first_scan AS first_scan,
               actor.id AS actor_id, actor.kind AS actor_kind, actor.code AS actor,
               NULLIF(evidence.day, -1) AS day, evidence.channel AS channel,
               evidence.action AS action, evidence.level AS level,
               MAX(evidence.plain, evidence.ipv6, evidence.service) AS events,
               evidence.bytes_up AS bytes_up, evidence.bytes_down AS bytes_down,
               evidence.first AS first, evidence.last AS last, evidence.line AS line
        FROM evidence
        JOIN detection ON detection.id = evidence.detection
        JOIN product ON product.id = detection.product
        JOIN source ON source.id = evidence.source
        JOIN actor ON actor.id = evidence.actor
        """,
    )
    db.create_view(
        "latest_decision",
        """
        SELECT decision.* FROM decision
        JOIN (SELECT subject, MAX(id) AS id FROM decision GROUP BY subject) AS newest
          ON newest.id = decision.id
        """,
    )
    db.create_view(
        "inventory",
        """
        SELECT system.id AS id, product.name AS name, product.key AS product,
               product.vendor AS supplier_id, product.vendor_name AS supplier,
               product.vendor_country AS supplier_country,
               product.category AS category, product.ai_nature AS ai_nature,
               system.kind AS kind, system.first_scan AS first_scan,
               COALESCE(latest_decision.verdict, 'new') AS status,
               GROUP_CONCAT(DISTINCT evidence_detail.channel) AS channels,
               MAX(evidence_detail.level) AS level,
               MIN(evidence_detail.first) AS first_seen,
               MAX(evidence_detail.last) AS last_seen,
               SUM(CASE WHEN evidence_detail.action = 'auth_challenge' THEN 0
                        ELSE evidence_detail.events END) AS events,
               SUM(CASE WHEN evidence_detail.action = 'blocked'
                        THEN evidence_detail.events ELSE 0 END) AS blocked,
               COUNT(DISTINCT CASE WHEN evidence_detail.actor_kind <> 'unknown'
                                   THEN evidence_detail.actor_id END) AS users,
               SUM(evidence_detail.bytes_up) AS bytes_up,
               SUM(evidence_detail.bytes_down) AS bytes_down
        FROM system
        JOIN product ON product.id = system.product
        JOIN evidence_detail ON evidence_detail.product = product.key
                            AND evidence_detail.creates_system
        LEFT JOIN latest_decision ON latest_decision.subject = system.id
        GROUP BY system.id
        """,
    )
    db.create_view(
        "question",
        """
        SELECT product.key AS product, product.name AS name, product.vendor_name AS supplier,
               SUM(CASE WHEN evidence_detail.action = 'auth_challenge' THEN 0
                        ELSE evidence_detail.events END) AS events,
               COUNT(DISTINCT CASE WHEN evidence_detail.actor_kind <> 'unknown'
                                   THEN evidence_detail.actor_id END) AS users,
               MAX(evidence_detail.last) AS last_seen
        FROM evidence_detail
        JOIN product ON product.key = evidence_detail.product
        WHERE evidence_detail.kind = 'presence'
          AND product.id NOT IN (SELECT system.product FROM system)
        GROUP BY product.key
        """,
    )


@MIGRATIONS(name="0004_candidates")
def _candidates(db: Database) -> None:
    """Signs of AI that no signature names; nobody's user or address is part of them."""
    _run(
        db,
        """
        CREATE TABLE shape (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            signal TEXT NOT NULL,
            meaning TEXT NOT NULL,
            confidence INTEGER NOT NULL
        ) STRICT;;
        CREATE TABLE sign (
            source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
            channel TEXT NOT NULL,
            subject TEXT NOT NULL,
            shape INTEGER NOT NULL REFERENCES shape (id),
            detail TEXT NOT NULL,
            records INTEGER NOT NULL,
            level INTEGER NOT NULL,
            first INTEGER,
            last INTEGER,
            line INTEGER NOT NULL,
            PRIMARY KEY (source, channel, subject, shape, detail)
        ) STRICT, WITHOUT ROWID;;
        CREATE INDEX sign_by_subject ON sign (channel, subject)
        """,
    )
    db.create_view(
        "candidate_sign",
        """
        SELECT sign.channel AS channel, sign.subject AS subject, shape.signal AS signal,
               shape.key AS shape, shape.meaning AS meaning, shape.confidence AS confidence,
               sign.detail AS detail, SUM(sign.records) AS records, MAX(sign.level) AS level,
               MIN(sign.first) AS first, MAX(sign.last) AS last,
               source.id AS source_id, source.name AS source, MIN(sign.line) AS line
        FROM sign
        JOIN shape ON shape.id = sign.shape
        JOIN source ON source.id = sign.source
        GROUP BY sign.channel, sign.subject, sign.shape, sign.detail, source.id
        """,
    )
    db.create_view(
        "question",
        """
        SELECT product.key AS product, product.name AS name, product.vendor_name AS supplier,
               product.ai_nature AS ai_nature,
               SUM(CASE WHEN evidence_detail.action = 'auth_challenge' THEN 0
                        ELSE evidence_detail.events END) AS events,
               COUNT(DISTINCT CASE WHEN evidence_detail.actor_kind <> 'unknown'
                                   THEN evidence_detail.actor_id END) AS users,
               MAX(evidence_detail.last) AS last_seen
        FROM evidence_detail
        JOIN product ON product.key = evidence_detail.product
        WHERE evidence_detail.kind = 'presence'
          AND product.id NOT IN (SELECT system.product FROM system)
        GROUP BY product.key
        """,
        replace=True,
    )


@MIGRATIONS(name="0005_parts")
def _parts(db: Database) -> None:
    """Logs known by hashes of their pieces, so that a shorter copy is known too; screened lines."""
    _run(
        db,
        """
        ALTER TABLE source ADD COLUMN marks BLOB NOT NULL DEFAULT x'';;
        ALTER TABLE source ADD COLUMN beginning BLOB NOT NULL DEFAULT x'';;
        ALTER TABLE scan_source ADD COLUMN screened INTEGER NOT NULL DEFAULT 0;;
        ALTER TABLE scan_source ADD COLUMN notes TEXT NOT NULL DEFAULT '[]'
        """,
    )


@MIGRATIONS(name="0006_built")
def _built(db: Database) -> None:
    """What the organisation builds: applications with their components, and who may own them."""
    _run(
        db,
        """
        DROP VIEW inventory;;
        DROP VIEW question;;
        CREATE TABLE application (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            origin TEXT NOT NULL,
            folder TEXT NOT NULL,
            version TEXT NOT NULL,
            description TEXT NOT NULL,
            is_deployable INTEGER NOT NULL
        ) STRICT;;
        CREATE TABLE component (
            application INTEGER NOT NULL REFERENCES application (id),
            source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
            detection INTEGER NOT NULL REFERENCES detection (id),
            channel TEXT NOT NULL,
            value TEXT NOT NULL,
            version TEXT NOT NULL,
            tie TEXT NOT NULL,
            purpose TEXT NOT NULL,
            is_direct INTEGER,
            via TEXT NOT NULL,
            file TEXT NOT NULL,
            line INTEGER NOT NULL,
            speaks_to TEXT NOT NULL,
            is_built INTEGER NOT NULL,
            is_shipped INTEGER NOT NULL,
            PRIMARY KEY (application, source, detection, value, file, line, version, tie, purpose, via)
        ) STRICT, WITHOUT ROWID;;
        CREATE INDEX component_by_source ON component (source);;
        CREATE TABLE owner_claim (
            application INTEGER NOT NULL REFERENCES application (id),
            source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
            owner TEXT NOT NULL,
            reason TEXT NOT NULL,
            confidence REAL NOT NULL,
            PRIMARY KEY (application, source, owner, reason)
        ) STRICT, WITHOUT ROWID;;
        CREATE INDEX owner_claim_by_source ON owner_claim (source);;
        CREATE TABLE system_of_any_kind (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            product INTEGER UNIQUE REFERENCES product (id),
            application INTEGER UNIQUE REFERENCES application (id),
            first_scan INTEGER NOT NULL REFERENCES scan (id),
            CHECK ((product IS NULL) <> (application IS NULL))
        ) STRICT, WITHOUT ROWID;;
        INSERT INTO system_of_any_kind SELECT id, kind, product, NULL, first_scan FROM system;;
        DROP TABLE system;;
        ALTER TABLE system_of_any_kind RENAME TO system
        """,
    )
    db.create_view(
        "component_detail",
        """
        SELECT system.id AS system, application.key AS application, product.key AS product,
               product.name AS name, product.vendor AS supplier_id, product.vendor_name AS supplier,
               product.vendor_country AS supplier_country, product.category AS category,
               product.ai_nature AS ai_nature, detection.key AS detection,
               detection.kind AS kind, detection.confidence AS confidence,
               component.channel AS channel, component.value AS value,
               component.version AS version, component.tie AS tie, component.purpose AS purpose,
               component.is_direct AS is_direct, component.via AS via, component.file AS file,
               component.line AS line, component.speaks_to AS speaks_to,
               component.is_built AS is_built,
               component.is_shipped AS is_shipped, source.id AS source_id, source.name AS source
        FROM component
        JOIN application ON application.id = component.application
        JOIN detection ON detection.id = component.detection
        JOIN product ON product.id = detection.product
        JOIN source ON source.id = component.source
        LEFT JOIN system ON system.application = application.id
        """,
    )
    db.create_view(
        "system_supplier",
        """
        SELECT system.id AS system, product.vendor AS supplier_id, product.vendor_name AS supplier,
               product.vendor_country AS supplier_country
        FROM system
        JOIN product ON product.id = system.product
        WHERE EXISTS (SELECT 1 FROM evidence_detail
                      WHERE evidence_detail.product = product.key AND evidence_detail.creates_system)
        UNION
        SELECT system, supplier_id, supplier, supplier_country
        FROM component_detail WHERE system IS NOT NULL AND is_built
        """,
    )
    db.create_view(
        "inventory",
        """
        SELECT system.id AS id, product.name AS name, product.key AS product,
               product.vendor AS supplier_id, product.vendor_name AS supplier,
               product.vendor_country AS supplier_country,
               product.category AS category, product.ai_nature AS ai_nature,
               system.kind AS kind, system.first_scan AS first_scan,
               COALESCE(latest_decision.verdict, 'new') AS status,
               GROUP_CONCAT(DISTINCT evidence_detail.channel) AS channels,
               MAX(evidence_detail.level) AS level,
               MIN(evidence_detail.first) AS first_seen,
               MAX(evidence_detail.last) AS last_seen,
               SUM(CASE WHEN evidence_detail.action = 'auth_challenge' THEN 0
                        ELSE evidence_detail.events END) AS events,
               SUM(CASE WHEN evidence_detail.action = 'blocked'
                        THEN evidence_detail.events ELSE 0 END) AS blocked,
               COUNT(DISTINCT CASE WHEN evidence_detail.actor_kind <> 'unknown'
                                   THEN evidence_detail.actor_id END) AS users,
               SUM(evidence_detail.bytes_up) AS bytes_up,
               SUM(evidence_detail.bytes_down) AS bytes_down
        FROM system
        JOIN product ON product.id = system.product
        JOIN evidence_detail ON evidence_detail.product = product.key
                            AND evidence_detail.creates_system
        LEFT JOIN latest_decision ON latest_decision.subject = system.id
        GROUP BY system.id
        UNION ALL
        SELECT system.id, application.name, application.key,
               (SELECT GROUP_CONCAT(supplier_id, ',') FROM
                  (SELECT supplier_id FROM system_supplier
                   WHERE system_supplier.system = system.id ORDER BY supplier_id)),
               (SELECT GROUP_CONCAT(supplier, ', ') FROM
                  (SELECT supplier FROM system_supplier
                   WHERE system_supplier.system = system.id ORDER BY supplier COLLATE NOCASE)),
               NULL, 'application', 'pure', system.kind, system.first_scan,
               COALESCE(latest_decision.verdict, 'new'), 'code', NULL,
               MIN(scan.started), MAX(scan.started), 0, 0, 0, 0, 0
        FROM system
        JOIN application ON application.id = system.application
        JOIN component ON component.application = application.id AND component.is_built
        JOIN scan_source ON scan_source.source = component.source
        JOIN scan ON scan.id = scan_source.scan
        LEFT JOIN latest_decision ON latest_decision.subject = system.id
        GROUP BY system.id
        """,
    )
    db.create_view(
        "question",
        """
        SELECT product.key AS product, product.name AS name, product.vendor_name AS supplier,
               product.ai_nature AS ai_nature,
               SUM(CASE WHEN evidence_detail.action = 'auth_challenge' THEN 0
                        ELSE evidence_detail.events END) AS events,
               COUNT(DISTINCT CASE WHEN evidence_detail.actor_kind <> 'unknown'
                                   THEN evidence_detail.actor_id END) AS users,
               MAX(evidence_detail.last) AS last_seen
        FROM evidence_detail
        JOIN product ON product.key = evidence_detail.product
        WHERE evidence_detail.kind = 'presence'
          AND product.id NOT IN (SELECT system.product FROM system WHERE system.product IS NOT NULL)
        GROUP BY product.key
        """,
    )


@MIGRATIONS(name="0007_hints")
def _hints(db: Database) -> None:
    """What files suggest of applications, for people to confirm."""
    _run(
        db,
        """
        CREATE TABLE application_hint (
            application INTEGER NOT NULL REFERENCES application (id),
            source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            label TEXT NOT NULL,
            reason TEXT NOT NULL,
            file TEXT NOT NULL,
            line INTEGER NOT NULL,
            places INTEGER NOT NULL,
            PRIMARY KEY (application, source, kind, label)
        ) STRICT, WITHOUT ROWID;;
        CREATE INDEX application_hint_by_source ON application_hint (source)
        """,
    )


@MIGRATIONS(name="0008_accounts")
def _accounts(db: Database) -> None:
    """What accounts list of AI: applications and what they may reach, seats, assets, money, owners."""
    _run(
        db,
        """
        CREATE TABLE app (
            source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            detection INTEGER NOT NULL REFERENCES detection (id),
            name TEXT NOT NULL,
            idp TEXT NOT NULL,
            client_id TEXT NOT NULL,
            publisher TEXT NOT NULL,
            kind TEXT NOT NULL,
            is_enabled INTEGER,
            is_own INTEGER NOT NULL,
            is_wanted_only INTEGER NOT NULL,
            created INTEGER,
            PRIMARY KEY (source, key)
        ) STRICT, WITHOUT ROWID;;
        CREATE TABLE access (
            source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
            app TEXT NOT NULL,
            detection INTEGER NOT NULL REFERENCES detection (id),
            scope TEXT NOT NULL,
            resource TEXT NOT NULL,
            way TEXT NOT NULL,
            consent TEXT NOT NULL,
            area TEXT NOT NULL,
            can_write INTEGER,
            is_wide INTEGER NOT NULL,
            rationale TEXT NOT NULL,
            people INTEGER NOT NULL,
            is_for_all INTEGER NOT NULL,
            first INTEGER,
            last INTEGER,
            PRIMARY KEY (source, app, scope, resource, way, consent)
        ) STRICT, WITHOUT ROWID;;
        CREATE TABLE seat_plan (
            source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
            detection INTEGER NOT NULL REFERENCES detection (id),
            plan TEXT NOT NULL,
            bought INTEGER,
            assigned INTEGER,
            never_used INTEGER,
            PRIMARY KEY (source, detection, plan)
        ) STRICT, WITHOUT ROWID;;
        CREATE TABLE asset (
            source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
            detection INTEGER NOT NULL REFERENCES detection (id),
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            name TEXT NOT NULL,
            owner TEXT NOT NULL,
            created INTEGER,
            last_used INTEGER,
            detail TEXT NOT NULL,
            PRIMARY KEY (source, detection, kind, key)
        ) STRICT, WITHOUT ROWID;;
        CREATE TABLE service_setting (
            source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
            detection INTEGER NOT NULL REFERENCES detection (id),
            name TEXT NOT NULL,
            unit TEXT NOT NULL,
            is_on INTEGER NOT NULL,
            PRIMARY KEY (source, detection, name, unit)
        ) STRICT, WITHOUT ROWID;;
        CREATE TABLE spend (
            source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
            detection INTEGER NOT NULL REFERENCES detection (id),
            month TEXT NOT NULL,
            currency TEXT NOT NULL,
            amount REAL NOT NULL,
            lines INTEGER NOT NULL,
            people INTEGER NOT NULL,
            units TEXT NOT NULL,
            PRIMARY KEY (source, detection, month, currency)
        ) STRICT, WITHOUT ROWID;;
        CREATE TABLE register_entry (
            source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            detection INTEGER NOT NULL REFERENCES detection (id),
            unit TEXT NOT NULL,
            status TEXT NOT NULL,
            PRIMARY KEY (source, key)
        ) STRICT, WITHOUT ROWID;;
        CREATE TABLE counted (
            source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
            detection INTEGER NOT NULL REFERENCES detection (id),
            what TEXT NOT NULL,
            number INTEGER NOT NULL,
            PRIMARY KEY (source, detection, what)
        ) STRICT, WITHOUT ROWID;;
        CREATE TABLE product_owner_claim (
            source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
            detection INTEGER NOT NULL REFERENCES detection (id),
            owner TEXT NOT NULL,
            reason TEXT NOT NULL,
            confidence REAL NOT NULL,
            PRIMARY KEY (source, detection, owner, reason)
        ) STRICT, WITHOUT ROWID;;
        CREATE TABLE actor_unit (
            actor INTEGER NOT NULL REFERENCES actor (id),
            source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
            unit TEXT NOT NULL,
            PRIMARY KEY (actor, source)
        ) STRICT, WITHOUT ROWID;;
        CREATE INDEX actor_unit_by_source ON actor_unit (source);;
        CREATE TABLE watermark (
            fingerprint TEXT PRIMARY KEY,
            until INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
    )
    db.create_view(
        "app_detail",
        """
        SELECT product.key AS product, product.name AS product_name, detection.key AS detection,
               app.key AS app, app.name AS name, app.idp AS idp, app.client_id AS client_id,
               app.publisher AS publisher, app.kind AS kind, app.is_enabled AS is_enabled,
               app.is_own AS is_own, app.is_wanted_only AS is_wanted_only, app.created AS created,
               source.id AS source_id, source.name AS source
        FROM app
        JOIN detection ON detection.id = app.detection
        JOIN product ON product.id = detection.product
        JOIN source ON source.id = app.source
        """,
    )
    db.create_view(
        "access_detail",
        """
        SELECT product.key AS product, product.name AS product_name, access.app AS app,
               access.scope AS scope, access.resource AS resource, access.way AS way,
               access.consent AS consent, access.area AS area, access.can_write AS can_write,
               access.is_wide AS is_wide, access.rationale AS rationale, access.people AS people,
               access.is_for_all AS is_for_all, access.first AS first, access.last AS last,
               source.id AS source_id, source.name AS source
        FROM access
        JOIN detection ON detection.id = access.detection
        JOIN product ON product.id = detection.product
        JOIN source ON source.id = access.source
        """,
    )
    db.create_view(
        "asset_detail",
        """
        SELECT product.key AS product, product.name AS product_name, asset.kind AS kind,
               asset.key AS asset, asset.name AS name, asset.owner AS owner,
               asset.created AS created, asset.last_used AS last_used, asset.detail AS detail,
               source.id AS source_id, source.name AS source
        FROM asset
        JOIN detection ON detection.id = asset.detection
        JOIN product ON product.id = detection.product
        JOIN source ON source.id = asset.source
        """,
    )
    db.create_view(
        "plan_detail",
        """
        SELECT product.key AS product, product.name AS product_name, seat_plan.plan AS plan,
               seat_plan.bought AS bought, seat_plan.assigned AS assigned,
               seat_plan.never_used AS never_used, source.id AS source_id, source.name AS source
        FROM seat_plan
        JOIN detection ON detection.id = seat_plan.detection
        JOIN product ON product.id = detection.product
        JOIN source ON source.id = seat_plan.source
        """,
    )
    db.create_view(
        "setting_detail",
        """
        SELECT product.key AS product, product.name AS product_name, service_setting.name AS name,
               service_setting.unit AS unit, service_setting.is_on AS is_on,
               source.id AS source_id, source.name AS source
        FROM service_setting
        JOIN detection ON detection.id = service_setting.detection
        JOIN product ON product.id = detection.product
        JOIN source ON source.id = service_setting.source
        """,
    )
    db.create_view(
        "spend_detail",
        """
        SELECT product.key AS product, product.name AS product_name, spend.month AS month,
               spend.currency AS currency, spend.amount AS amount, spend.lines AS lines,
               spend.people AS people, spend.units AS units,
               source.id AS source_id, source.name AS source
        FROM spend
        JOIN detection ON detection.id = spend.detection
        JOIN product ON product.id = detection.product
        JOIN source ON source.id = spend.source
        """,
    )
    db.create_view(
        "owner_candidate",
        """
        SELECT system.id AS system, owner_claim.owner AS owner, owner_claim.reason AS reason,
               owner_claim.confidence AS confidence, source.name AS source
        FROM owner_claim
        JOIN system ON system.application = owner_claim.application
        JOIN source ON source.id = owner_claim.source
        UNION ALL
        SELECT system.id, product_owner_claim.owner, product_owner_claim.reason,
               product_owner_claim.confidence, source.name
        FROM product_owner_claim
        JOIN detection ON detection.id = product_owner_claim.detection
        JOIN system ON system.product = detection.product
        JOIN source ON source.id = product_owner_claim.source
        """,
    )


@MIGRATIONS(name="0009_suppliers")
def _suppliers(db: Database) -> None:
    """The inventory looks for an application's suppliers among its own components, not among all of them."""
    _run(db, "DROP VIEW inventory")
    db.create_view(
        "inventory",
        """
        SELECT system.id AS id, product.name AS name, product.key AS product,
               product.vendor AS supplier_id, product.vendor_name AS supplier,
               product.vendor_country AS supplier_country,
               product.category AS category, product.ai_nature AS ai_nature,
               system.kind AS kind, system.first_scan AS first_scan,
               COALESCE(latest_decision.verdict, 'new') AS status,
               GROUP_CONCAT(DISTINCT evidence_detail.channel) AS channels,
               MAX(evidence_detail.level) AS level,
               MIN(evidence_detail.first) AS first_seen,
               MAX(evidence_detail.last) AS last_seen,
               SUM(CASE WHEN evidence_detail.action = 'auth_challenge' THEN 0
                        ELSE evidence_detail.events END) AS events,
               SUM(CASE WHEN evidence_detail.action = 'blocked'
                        THEN evidence_detail.events ELSE 0 END) AS blocked,
               COUNT(DISTINCT CASE WHEN evidence_detail.actor_kind <> 'unknown'
                                   THEN evidence_detail.actor_id END) AS users,
               SUM(evidence_detail.bytes_up) AS bytes_up,
               SUM(evidence_detail.bytes_down) AS bytes_down
        FROM system
        JOIN product ON product.id = system.product
        JOIN evidence_detail ON evidence_detail.product = product.key
                            AND evidence_detail.creates_system
        LEFT JOIN latest_decision ON latest_decision.subject = system.id
        GROUP BY system.id
        UNION ALL
        SELECT system.id, application.name, application.key,
               (SELECT GROUP_CONCAT(supplier_id, ',') FROM
                  (SELECT DISTINCT made.vendor AS supplier_id FROM component AS part
                   JOIN detection ON detection.id = part.detection
                   JOIN product AS made ON made.id = detection.product
                   WHERE part.application = application.id AND part.is_built
                   ORDER BY supplier_id)),
               (SELECT GROUP_CONCAT(supplier, ', ') FROM
                  (SELECT DISTINCT made.vendor_name AS supplier FROM component AS part
                   JOIN detection ON detection.id = part.detection
                   JOIN product AS made ON made.id = detection.product
                   WHERE part.application = application.id AND part.is_built
                   ORDER BY supplier COLLATE NOCASE)),
               NULL, 'application', 'pure', system.kind, system.first_scan,
               COALESCE(latest_decision.verdict, 'new'), 'code', NULL,
               MIN(scan.started), MAX(scan.started), 0, 0, 0, 0, 0
        FROM system
        JOIN application ON application.id = system.application
        JOIN component ON component.application = application.id AND component.is_built
        JOIN scan_source ON scan_source.source = component.source
        JOIN scan ON scan.id = scan_source.scan
        LEFT JOIN latest_decision ON latest_decision.subject = system.id
        GROUP BY system.id
        """,
    )


@MIGRATIONS(name="0010_chain")
def _chain(db: Database) -> None:
    """Decisions of every kind, each with a hash of itself and of all before it."""
    from scanner.store.chain import link

    _run(
        db,
        """
        DROP TRIGGER decision_is_never_changed;;
        ALTER TABLE decision ADD COLUMN act TEXT NOT NULL DEFAULT 'review';;
        ALTER TABLE decision ADD COLUMN value TEXT NOT NULL DEFAULT '{}';;
        ALTER TABLE decision ADD COLUMN hash TEXT NOT NULL DEFAULT ''
        """,
    )
    before = ""
    db.conn.row_factory = None
    columns = [row[1] for row in db.execute("PRAGMA table_info(decision)")]
    for values in db.execute("SELECT * FROM decision ORDER BY id").fetchall():
        row = dict(zip(columns, values, strict=True))
        before = link(before, row)
        db.execute("UPDATE decision SET hash = ? WHERE id = ?", [before, row["id"]])
    _run(
        db,
        """
        CREATE TRIGGER decision_is_never_changed BEFORE UPDATE ON decision
        BEGIN SELECT RAISE(ABORT, 'decisions are never changed; record a new one'); END;;
        DROP INDEX decision_by_subject;;
        CREATE INDEX decision_by_subject ON decision (act, subject, id);;
        DROP VIEW latest_decision
        """,
    )
    db.create_view(
        "latest_decision",
        """
        SELECT decision.* FROM decision
        JOIN (SELECT subject, MAX(id) AS id FROM decision WHERE act = 'review' GROUP BY subject)
          AS newest ON newest.id = decision.id
        """,
    )


@MIGRATIONS(name="0012_review")
def _review(db: Database) -> None:
    """A note of the last decision, so that it is told when it goes."""
    from scanner.store.chain import HEAD, head_of

    db.conn.row_factory = None
    last = db.execute("SELECT id, hash FROM decision ORDER BY id DESC LIMIT 1").fetchone()
    if last is not None:
        db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [HEAD, head_of(*last)])


@MIGRATIONS(name="0013_snapshots")
def _snapshots(db: Database) -> None:
    """What changes are told by; the domains that nobody knew, for signatures that come later.

    A snapshot is kept where it differs from the last one. ``domains`` are names packed with zlib,
    one a line; NULL where lines without a wanted name were passed over.
    """
    _run(
        db,
        """
        CREATE TABLE snapshot (
            subject TEXT NOT NULL,
            scan INTEGER NOT NULL REFERENCES scan (id),
            facts TEXT NOT NULL,
            notes TEXT NOT NULL,
            PRIMARY KEY (subject, scan)
        ) STRICT, WITHOUT ROWID;;
        CREATE TABLE last_sight (
            system TEXT NOT NULL,
            source TEXT NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (system, source)
        ) STRICT, WITHOUT ROWID;;
        CREATE TABLE first_sign (
            channel TEXT NOT NULL,
            subject TEXT NOT NULL,
            scan INTEGER NOT NULL REFERENCES scan (id),
            PRIMARY KEY (channel, subject)
        ) STRICT, WITHOUT ROWID;;
        CREATE TABLE digest (
            source INTEGER PRIMARY KEY REFERENCES source (id) ON DELETE CASCADE,
            domains BLOB
        ) STRICT;;
        CREATE TABLE by_rescan (
            source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
            detection INTEGER NOT NULL REFERENCES detection (id),
            basis TEXT NOT NULL,
            value TEXT NOT NULL,
            scan INTEGER NOT NULL REFERENCES scan (id),
            PRIMARY KEY (source, detection, basis, value)
        ) STRICT, WITHOUT ROWID
        """,
    )


@MIGRATIONS(name="0014_summaries")
def _summaries(db: Database) -> None:
    """What the evidence of each system adds up to; whose each detection and application is.

    They are filled after the migrations, as after every one: see scanner.store.summaries.
    """
    _run(
        db,
        """
        CREATE TABLE identity (
            id TEXT PRIMARY KEY,
            place TEXT NOT NULL REFERENCES system (id),
            name TEXT NOT NULL,
            first_scan INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;;
        CREATE TABLE system_detection (
            detection INTEGER PRIMARY KEY REFERENCES detection (id),
            system TEXT NOT NULL
        ) STRICT;;
        CREATE INDEX system_detection_by_system ON system_detection (system, detection);;
        CREATE TABLE system_application (
            application INTEGER PRIMARY KEY REFERENCES application (id),
            system TEXT NOT NULL
        ) STRICT;;
        CREATE INDEX system_application_by_system ON system_application (system, application);;
        CREATE TABLE tally (
            detection INTEGER NOT NULL REFERENCES detection (id),
            source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
            channel TEXT NOT NULL,
            action TEXT NOT NULL,
            level INTEGER NOT NULL,
            events INTEGER NOT NULL,
            people INTEGER NOT NULL,
            actors INTEGER NOT NULL,
            days INTEGER NOT NULL,
            bytes_up INTEGER NOT NULL,
            bytes_down INTEGER NOT NULL,
            first INTEGER,
            last INTEGER,
            line INTEGER NOT NULL,
            PRIMARY KEY (detection, source, channel, action)
        ) STRICT, WITHOUT ROWID;;
        CREATE INDEX tally_by_source ON tally (source);;
        CREATE TABLE sight (
            detection INTEGER NOT NULL REFERENCES detection (id),
            channel TEXT NOT NULL,
            action TEXT NOT NULL,
            source INTEGER NOT NULL,
            level INTEGER NOT NULL,
            events INTEGER NOT NULL,
            people INTEGER NOT NULL,
            days INTEGER NOT NULL,
            bytes_up INTEGER NOT NULL,
            first INTEGER,
            last INTEGER,
            PRIMARY KEY (detection, channel, action)
        ) STRICT, WITHOUT ROWID;;
        CREATE TABLE met (
            detection INTEGER NOT NULL REFERENCES detection (id),
            actor INTEGER NOT NULL REFERENCES actor (id),
            level INTEGER NOT NULL,
            sources INTEGER NOT NULL,
            PRIMARY KEY (detection, actor, level)
        ) STRICT, WITHOUT ROWID;;
        CREATE TABLE summary (
            system TEXT PRIMARY KEY,
            level INTEGER,
            first INTEGER,
            last INTEGER,
            events INTEGER NOT NULL,
            blocked INTEGER NOT NULL,
            users INTEGER NOT NULL,
            bytes_up INTEGER NOT NULL,
            bytes_down INTEGER NOT NULL,
            read_first INTEGER,
            read_last INTEGER
        ) STRICT, WITHOUT ROWID;;
        CREATE TABLE system_channel (
            system TEXT NOT NULL,
            channel TEXT NOT NULL,
            PRIMARY KEY (system, channel)
        ) STRICT, WITHOUT ROWID;;
        CREATE INDEX component_by_application ON component (application, is_built, detection);;
        DROP VIEW inventory;;
        DROP VIEW question;;
        DROP VIEW system_supplier;;
        DROP VIEW component_detail;;
        DROP VIEW owner_candidate
        """,
    )
    db.create_view(
        "component_detail",
        """
        SELECT system_application.system AS system, application.key AS application,
               product.key AS product, product.name AS name, product.vendor AS supplier_id,
               product.vendor_name AS supplier, product.vendor_country AS supplier_country,
               product.category AS category, product.ai_nature AS ai_nature,
               detection.key AS detection, detection.kind AS kind,
               detection.confidence AS confidence, component.channel AS channel,
               component.value AS value, component.version AS version, component.tie AS tie,
               component.purpose AS purpose, component.is_direct AS is_direct,
               component.via AS via, component.file AS file, component.line AS line,
               component.speaks_to AS speaks_to, component.is_built AS is_built,
               component.is_shipped AS is_shipped, source.id AS source_id, source.name AS source
        FROM component
        JOIN application ON application.id = component.application
        JOIN detection ON detection.id = component.detection
        JOIN product ON product.id = detection.product
        JOIN source ON source.id = component.source
        LEFT JOIN system_application ON system_application.application = application.id
        """,
    )
    db.create_view(
        "system_supplier",
        """
        SELECT system_detection.system AS system, product.vendor AS supplier_id,
               product.vendor_name AS supplier, product.vendor_country AS supplier_country
        FROM system_detection
        JOIN detection ON detection.id = system_detection.detection AND detection.creates_system
        JOIN product ON product.id = detection.product
        WHERE EXISTS (SELECT 1 FROM tally WHERE tally.detection = detection.id)
        UNION
        SELECT system_application.system, product.vendor, product.vendor_name,
               product.vendor_country
        FROM system_application
        JOIN component ON component.application = system_application.application
                      AND component.is_built
        JOIN detection ON detection.id = component.detection
        JOIN product ON product.id = detection.product
        """,
    )
    db.create_view(
        "inventory",
        """
        SELECT identity.id AS id,
               CASE WHEN identity.name <> '' THEN identity.name
                    ELSE COALESCE(product.name, application.name) END AS name,
               COALESCE(product.key, application.key) AS product,
               (SELECT GROUP_CONCAT(supplier_id, ',') FROM
                  (SELECT supplier_id FROM system_supplier
                   WHERE system_supplier.system = identity.id ORDER BY supplier_id))
                   AS supplier_id,
               (SELECT GROUP_CONCAT(supplier, ', ') FROM
                  (SELECT supplier FROM system_supplier
                   WHERE system_supplier.system = identity.id ORDER BY supplier COLLATE NOCASE))
                   AS supplier,
               product.vendor_country AS supplier_country,
               COALESCE(product.category, 'application') AS category,
               COALESCE(product.ai_nature, 'pure') AS ai_nature,
               place.kind AS kind, identity.first_scan AS first_scan,
               COALESCE(latest_decision.verdict, 'new') AS status,
               (SELECT GROUP_CONCAT(channel) FROM
                  (SELECT channel FROM system_channel
                   WHERE system_channel.system = identity.id ORDER BY channel)) AS channels,
               summary.level AS level,
               COALESCE(MIN(summary.first, summary.read_first), summary.first, summary.read_first)
                   AS first_seen,
               COALESCE(MAX(summary.last, summary.read_last), summary.last, summary.read_last)
                   AS last_seen,
               summary.events AS events, summary.blocked AS blocked, summary.users AS users,
               summary.bytes_up AS bytes_up, summary.bytes_down AS bytes_down
        FROM summary
        JOIN identity ON identity.id = summary.system
        JOIN system AS place ON place.id = identity.place
        LEFT JOIN product ON product.id = place.product
        LEFT JOIN application ON application.id = place.application
        LEFT JOIN latest_decision ON latest_decision.subject = identity.id
        """,
    )
    db.create_view(
        "question",
        """
        SELECT product.key AS product, product.name AS name, product.vendor_name AS supplier,
               product.ai_nature AS ai_nature,
               SUM(CASE WHEN tally.action = 'auth_challenge' THEN 0 ELSE tally.events END)
                   AS events,
               (SELECT COUNT(DISTINCT met.actor) FROM detection AS asked
                JOIN met ON met.detection = asked.id
                WHERE asked.product = product.id AND asked.kind = 'presence') AS users,
               MAX(tally.last) AS last_seen
        FROM tally
        JOIN detection ON detection.id = tally.detection AND detection.kind = 'presence'
        JOIN product ON product.id = detection.product
        WHERE product.id NOT IN (SELECT system.product FROM system WHERE system.product IS NOT NULL)
        GROUP BY product.key
        """,
    )
    db.create_view(
        "owner_candidate",
        """
        SELECT system_application.system AS system, owner_claim.owner AS owner,
               owner_claim.reason AS reason, owner_claim.confidence AS confidence,
               source.name AS source
        FROM owner_claim
        JOIN system_application ON system_application.application = owner_claim.application
        JOIN source ON source.id = owner_claim.source
        UNION ALL
        SELECT system_detection.system, product_owner_claim.owner, product_owner_claim.reason,
               product_owner_claim.confidence, source.name
        FROM product_owner_claim
        JOIN system_detection ON system_detection.detection = product_owner_claim.detection
        JOIN source ON source.id = product_owner_claim.source
        """,
    )
    _tell_detections(db)


def _tell_detections(db: Database) -> None:
    """Add the number of the detection to the views of what accounts list, as their last column."""
    for view in ("app", "access", "asset", "plan", "setting", "spend"):
        name = f"{view}_detail"
        (sql,) = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", [name]).fetchone()
        select = sql.partition(" AS ")[2].strip()
        columns, _, tables = select.rpartition("FROM ")
        db.create_view(
            name, f"{columns.rstrip()}, detection.id AS detection_id FROM {tables}", replace=True
        )


@MIGRATIONS(name="0015_people")
def _people(db: Database) -> None:
    """What directories say: the unit of each person, by code, who has left, and who leads a unit."""
    _run(
        db,
        """
        CREATE TABLE person (
            source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
            code TEXT NOT NULL,
            unit TEXT NOT NULL,
            is_active INTEGER,
            PRIMARY KEY (source, code)
        ) STRICT, WITHOUT ROWID;;
        CREATE INDEX person_by_code ON person (code);;
        CREATE TABLE unit_head (
            source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
            unit TEXT NOT NULL,
            head TEXT NOT NULL,
            people INTEGER NOT NULL,
            is_active INTEGER,
            PRIMARY KEY (source, unit, head)
        ) STRICT, WITHOUT ROWID
        """,
    )
    db.create_view(
        "unit_of_actor",
        """
        SELECT actor_unit.actor AS actor, actor_unit.unit AS unit FROM actor_unit
        UNION
        SELECT actor.id, person.unit FROM person
        JOIN actor ON actor.kind = 'user' AND actor.code = person.code
        WHERE person.unit <> ''
        """,
    )


@MIGRATIONS(name="0016_merged")
def _merged(db: Database) -> None:
    """Who an account's keys of people stand for; whether an account says that an owner is there."""
    _run(
        db,
        """
        CREATE TABLE person_key (
            account TEXT NOT NULL,
            code TEXT NOT NULL,
            login TEXT NOT NULL,
            PRIMARY KEY (account, code)
        ) STRICT, WITHOUT ROWID;;
        ALTER TABLE product_owner_claim ADD COLUMN is_here INTEGER NOT NULL DEFAULT 0
        """,
    )
    db.create_view(
        "owner_candidate",
        """
        SELECT system_application.system AS system, owner_claim.owner AS owner,
               owner_claim.reason AS reason, owner_claim.confidence AS confidence,
               source.name AS source, 0 AS is_here
        FROM owner_claim
        JOIN system_application ON system_application.application = owner_claim.application
        JOIN source ON source.id = owner_claim.source
        UNION ALL
        SELECT system_detection.system, product_owner_claim.owner, product_owner_claim.reason,
               product_owner_claim.confidence, source.name, product_owner_claim.is_here
        FROM product_owner_claim
        JOIN system_detection ON system_detection.detection = product_owner_claim.detection
        JOIN source ON source.id = product_owner_claim.source
        """,
        replace=True,
    )


@MIGRATIONS(name="0019_papers")
def _papers(db: Database) -> None:
    """Documents as people approved them: each with the decision that holds its hash."""
    _run(
        db,
        """
        CREATE TABLE paper (
            decision INTEGER PRIMARY KEY REFERENCES decision (id),
            report TEXT NOT NULL,
            version INTEGER NOT NULL,
            content TEXT NOT NULL,
            UNIQUE (report, version)
        ) STRICT;;
        CREATE TRIGGER paper_is_never_changed BEFORE UPDATE ON paper
        BEGIN SELECT RAISE(ABORT, 'approved papers are never changed; approve a new one'); END;;
        CREATE TRIGGER paper_is_never_removed BEFORE DELETE ON paper
        BEGIN SELECT RAISE(ABORT, 'approved papers are never removed; approve a new one'); END
        """,
    )
