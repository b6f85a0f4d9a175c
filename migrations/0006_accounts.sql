-- The desk: people, how they prove who they are, and where they are logged in.
-- No secret lies here as it is used: passwords as argon2id, ids of sessions and links as SHA-256,
-- hexadecimal. The seed of a second factor is sealed with the key of the store.

CREATE TABLE people (
    id TEXT NOT NULL PRIMARY KEY,
    -- What he types to log in, in lower case.
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- A mailbox, or NULL.
    address TEXT,
    -- JSON: names of roles, names of teams.
    roles TEXT NOT NULL,
    teams TEXT NOT NULL,
    -- `local`, or who vouches for him: `proxy`, or `oidc` and the issuer's name for him.
    vouched_by TEXT NOT NULL,
    -- A PHC string; NULL while none is set.
    password TEXT,
    password_set BIGINT,
    -- The sealed seed of the second factor; NULL without one.
    factor TEXT,
    -- The last step of time whose code was used: none works twice.
    factor_used BIGINT,
    created BIGINT NOT NULL,
    -- When he was shut out; NULL while he may log in.
    disabled BIGINT,
    -- Counts writes. Taking the row for a change raises it first, which locks it on both databases.
    revision BIGINT NOT NULL
);
-- Whoever a provider vouches for is one person, whatever he is called.
CREATE UNIQUE INDEX people_of_providers ON people (vouched_by)
    WHERE vouched_by <> 'local' AND vouched_by <> 'proxy';

-- Codes for somebody who lost his second factor; each works once.
CREATE TABLE recovery_codes (
    person TEXT NOT NULL REFERENCES people (id),
    digest TEXT NOT NULL,
    used BIGINT,
    PRIMARY KEY (person, digest)
);

-- Links by which somebody sets a password; each works once.
CREATE TABLE password_links (
    digest TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id),
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX password_links_by_person ON password_links (person);

-- Who is logged in, where. `half`: the password was right, the second factor is still to come.
CREATE TABLE sessions (
    digest TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id),
    half BIGINT NOT NULL,
    created BIGINT NOT NULL,
    -- When it was last used, to the minute.
    seen BIGINT NOT NULL,
    -- When it ends however much it is used.
    expires BIGINT NOT NULL,
    -- The client's address and program, for its person to know it by.
    address TEXT NOT NULL,
    agent TEXT NOT NULL
);
CREATE INDEX sessions_by_person ON sessions (person);
CREATE INDEX sessions_by_end ON sessions (expires);

-- Tries to log in that failed, by whom or whence (`subject`), so that the next must wait.
CREATE TABLE tries (
    subject TEXT NOT NULL PRIMARY KEY,
    failed BIGINT NOT NULL,
    last BIGINT NOT NULL
);
CREATE INDEX tries_by_age ON tries (last);
