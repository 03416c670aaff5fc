-- Tags of the languages met, so that rows hold a small number.
CREATE TABLE language (
  id  INTEGER PRIMARY KEY,
  tag TEXT NOT NULL UNIQUE
) STRICT;

-- One row a write: who changed what, when, and how much.
CREATE TABLE batch (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  made    INTEGER NOT NULL,            -- nanoseconds since 1970
  who     TEXT NOT NULL,
  note    TEXT NOT NULL,
  undoes  INTEGER REFERENCES batch(id),
  added   INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0,
  removed INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The history: what each batch touched, what stood there before (NULL: nothing), and which revision it left
-- (NULL: nothing). One row a thing and batch, however often the batch touched it.
CREATE TABLE change (
  batch  INTEGER NOT NULL REFERENCES batch(id),
  kind   INTEGER NOT NULL,             -- 1 unit, 2 set, 3 concept
  thing  ANY NOT NULL,                 -- the unit's number, the set's name, the concept's id
  before TEXT,
  after  INTEGER,
  PRIMARY KEY (batch, kind, thing)
) STRICT, WITHOUT ROWID;

-- The releases as last stored.
CREATE TABLE release (
  name        TEXT PRIMARY KEY,
  revision    INTEGER NOT NULL REFERENCES batch(id),
  fingerprint TEXT NOT NULL,
  body        TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE unit (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  revision   INTEGER NOT NULL REFERENCES batch(id),
  hash       INTEGER NOT NULL,         -- of all that makes a unit the same as another
  state      INTEGER NOT NULL,         -- 0 pending, 1 imported, 2 approved, 3 published
  release    TEXT REFERENCES release(name) DEFERRABLE INITIALLY DEFERRED,
  tuid       TEXT,
  origin     TEXT NOT NULL,
  provenance INTEGER NOT NULL,         -- 0 release, 1 import, 2 edit
  date       ANY,                      -- nanoseconds since 1970; text beyond the years 1678 to 2261
  score      REAL,
  extra      TEXT                      -- JSON: context, attributes, props, notes
) STRICT;
CREATE INDEX unit_hash ON unit(hash);
CREATE INDEX unit_release ON unit(release) WHERE release IS NOT NULL;

-- Every text met, once a language. Rows are only ever added: the index of candidates rests on that.
CREATE TABLE text (
  id       INTEGER PRIMARY KEY,
  language INTEGER NOT NULL REFERENCES language(id),
  hash     INTEGER NOT NULL,
  keys     INTEGER NOT NULL,           -- how many postings lead here
  body     TEXT NOT NULL
) STRICT;
CREATE INDEX text_hash ON text(hash);

CREATE TABLE variant (
  unit   INTEGER NOT NULL REFERENCES unit(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  number INTEGER NOT NULL,
  text   INTEGER NOT NULL REFERENCES text(id),
  tag    TEXT,
  extra  TEXT,                         -- JSON: codes, attributes, props, notes
  PRIMARY KEY (unit, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX variant_text ON variant(text);

-- The index of candidates: for a key (a stem with its language and occurrence, or a class of texts) and a range
-- of lengths, the texts that hold it. Written in segments, merged as they grow in number.
CREATE TABLE posting (
  segment INTEGER NOT NULL,
  key     INTEGER NOT NULL,
  bucket  INTEGER NOT NULL,
  body    BLOB NOT NULL,
  PRIMARY KEY (segment, key, bucket)
) STRICT, WITHOUT ROWID;
CREATE TABLE segment (
  id   INTEGER PRIMARY KEY,
  size INTEGER NOT NULL                -- postings in it
) STRICT;

CREATE TABLE concept (
  id       TEXT PRIMARY KEY,
  revision INTEGER NOT NULL REFERENCES batch(id),
  place    INTEGER NOT NULL,           -- order in the termbase
  body     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Small facts by name: the fingerprint of the termbase's source.
CREATE TABLE fact (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What the aligner has learned, a language pair a row; learned anew at will, so without history.
CREATE TABLE lexicon (
  source INTEGER NOT NULL REFERENCES language(id),
  target INTEGER NOT NULL REFERENCES language(id),
  body   BLOB NOT NULL,
  PRIMARY KEY (source, target)
) STRICT, WITHOUT ROWID;
