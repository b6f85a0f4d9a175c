-- The hold store. One text for SQLite and PostgreSQL:
--   BIGINT for every number, 0 and 1 for no and yes; times are microseconds since 1970, UTC;
--   BYTEA for octets (SQLite takes any type name); TEXT for JSON, read by nobody but us.
-- What is listed or filtered has a plain column; the whole truth is in the JSON beside it.

CREATE TABLE holds (
    id TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    created BIGINT NOT NULL,
    remind_at BIGINT,
    expires_at BIGINT NOT NULL,
    -- When the worker must look at it: the nearer of reminder and expiry; NULL once nobody waits.
    wake_at BIGINT,
    -- When it reached a state that it never leaves; NULL while it is open.
    ended_at BIGINT,
    -- When its content was erased; NULL while it is there.
    content_erased_at BIGINT,
    reminders BIGINT NOT NULL,
    -- Counts writes. Taking the row for a change raises it first, which locks it on both databases.
    revision BIGINT NOT NULL,
    -- The reverse-path as written, and in lower case for filters.
    reverse_path TEXT NOT NULL,
    sender TEXT NOT NULL,
    subject TEXT NOT NULL,
    message_id TEXT,
    policy TEXT NOT NULL,
    category TEXT NOT NULL,
    size_octets BIGINT NOT NULL,
    -- SHA-256 of the content, hexadecimal.
    content_digest TEXT NOT NULL,
    trace TEXT NOT NULL,
    envelope TEXT NOT NULL,
    deliveries TEXT NOT NULL,
    origin TEXT NOT NULL,
    dossier TEXT NOT NULL,
    outcomes TEXT NOT NULL
);
CREATE INDEX holds_by_age ON holds (created, id);
CREATE INDEX holds_by_state ON holds (state, created);
CREATE INDEX holds_by_sender ON holds (sender, created);
CREATE INDEX holds_awake ON holds (wake_at);

-- The content as received, in pieces, so that memory stays bounded.
CREATE TABLE content (
    hold_id TEXT NOT NULL REFERENCES holds (id) DEFERRABLE INITIALLY DEFERRED,
    position BIGINT NOT NULL,
    octets BYTEA NOT NULL,
    PRIMARY KEY (hold_id, position)
);

-- A retry of mail that is held already finds its hold here.
CREATE TABLE retries (
    idempotency_key TEXT NOT NULL PRIMARY KEY,
    hold_id TEXT NOT NULL REFERENCES holds (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX retries_by_hold ON retries (hold_id);

-- Mail that is owed.
CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    hold_id TEXT NOT NULL REFERENCES holds (id) DEFERRABLE INITIALLY DEFERRED,
    -- asleep (its hold is only prepared), due, done, failed.
    state TEXT NOT NULL,
    -- notice, release.
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    -- The notice's bytes; empty for a release and once it is done with.
    octets BYTEA NOT NULL,
    recipients TEXT NOT NULL,
    created BIGINT NOT NULL,
    due BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    -- Which node has it, and until when; NULL while nobody has.
    owner TEXT,
    lease_until BIGINT,
    -- Why it was given up.
    note TEXT
);
CREATE INDEX outbox_due ON outbox (state, due);
CREATE INDEX outbox_by_hold ON outbox (hold_id);

-- The audit: a chain. No reference to holds, because it outlives them.
CREATE TABLE audit (
    number BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    hold_id TEXT,
    actor TEXT NOT NULL,
    event TEXT NOT NULL,
    previous TEXT NOT NULL,
    digest TEXT NOT NULL
);

-- The chain's end, one row. Whoever adds an entry raises it first and so waits for the other.
CREATE TABLE audit_head (
    id BIGINT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    digest TEXT NOT NULL
);
INSERT INTO audit_head (id, number, digest)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- A row to write to when somebody asks whether the store may be written to.
CREATE TABLE pulse (
    id BIGINT NOT NULL PRIMARY KEY,
    beats BIGINT NOT NULL
);
INSERT INTO pulse (id, beats) VALUES (1, 0);
