-- Variants carry their text themselves, and the index is made anew.
CREATE TABLE variant_2 (
  unit     INTEGER NOT NULL REFERENCES unit(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  number   INTEGER NOT NULL,
  language INTEGER NOT NULL REFERENCES language(id),
  text     TEXT NOT NULL,
  tag      TEXT,
  extra    TEXT,                       -- JSON: codes, attributes, props, notes
  PRIMARY KEY (unit, number)
) STRICT, WITHOUT ROWID;
INSERT INTO variant_2 (unit, number, language, text, tag, extra)
  SELECT variant.unit, variant.number, text.language, text.body, variant.tag, variant.extra
  FROM variant JOIN text ON text.id = variant.text ORDER BY variant.unit, variant.number;
DROP TABLE variant;
DROP TABLE text;
ALTER TABLE variant_2 RENAME TO variant;
DROP TABLE posting;
DROP TABLE segment;

-- The index of candidates, in segments of one language each; `src/memory/index` tells what the bodies hold.
-- A segment's number is never used again.
CREATE TABLE segment (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  language  INTEGER NOT NULL REFERENCES language(id),
  skeletons INTEGER NOT NULL,
  entries   INTEGER NOT NULL,          -- variants in it
  lengths   BLOB NOT NULL,             -- how many skeletons there are of each length
  lists     BLOB NOT NULL,             -- the first key and skeleton of each block of lists
  words     INTEGER NOT NULL           -- how many blocks of words
) STRICT;
-- Blocks of skeletons, of their signs, of lists, and of words: the number is that of the segment, times 2^32, and that of the block.
CREATE TABLE skeletons (
  id   INTEGER PRIMARY KEY,
  body BLOB NOT NULL
) STRICT;
CREATE TABLE lists (
  id   INTEGER PRIMARY KEY,
  body BLOB NOT NULL
) STRICT;
CREATE TABLE signs (
  id   INTEGER PRIMARY KEY,
  body BLOB NOT NULL
) STRICT;
CREATE TABLE words (
  id   INTEGER PRIMARY KEY,
  body BLOB NOT NULL
) STRICT;
-- Units changed or removed: what segments up to this one say of them no longer holds.
CREATE TABLE stale (
  unit    INTEGER PRIMARY KEY,
  segment INTEGER NOT NULL
) STRICT;
