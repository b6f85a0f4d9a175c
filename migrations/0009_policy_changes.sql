-- The book of changes of policies. The files are the truth; the book says who changed them, when and
-- why, keeps the texts before and after so that a change can be taken back, and what it was said to do.

CREATE TABLE policy_changes (
    number BIGINT NOT NULL PRIMARY KEY,
    -- proposed, accepted (to be written, or written and not yet in force), live, rolled_back, refused.
    state TEXT NOT NULL,
    -- What kind of change: threshold, damping_phrase, own_edit, roll_back, outside, ...
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    -- Why, as whoever proposed it typed.
    why TEXT NOT NULL,
    -- The hold that it is about, if it is about one.
    hold_id TEXT,
    proposed BIGINT NOT NULL,
    proposer TEXT NOT NULL,
    -- When it was decided and by whom; NULL while it waits.
    decided BIGINT,
    decider TEXT,
    -- Why it was taken though the reference mails spoke against it, or why it was refused.
    ruling TEXT,
    -- When the service took it over.
    live BIGINT,
    -- The change that it takes back.
    undoes BIGINT,
    -- Names and whole texts of its files, before and after: JSON.
    files TEXT NOT NULL,
    -- What it was said to do when it was proposed: JSON, NULL where nobody looked.
    effect TEXT
);
CREATE INDEX policy_changes_by_state ON policy_changes (state, number);

-- The files as a node last took them over, so that what is changed by other hands is noticed.
CREATE TABLE policy_files (
    node TEXT NOT NULL,
    file TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (node, file)
);

-- Mails that people called missed. Nothing of what they say: the policy that came nearest, and which
-- signals spoke. False alarms are in the outcomes of holds.
CREATE TABLE missed_marks (
    -- SHA-256 of the mail, hexadecimal, so that one mail counts once a person.
    mail TEXT NOT NULL,
    person TEXT NOT NULL,
    at BIGINT NOT NULL,
    policy TEXT NOT NULL,
    signals TEXT NOT NULL,
    PRIMARY KEY (mail, person)
);
CREATE INDEX missed_marks_by_age ON missed_marks (at);
