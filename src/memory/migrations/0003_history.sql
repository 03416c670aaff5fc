-- The history by thing, so that what became of a unit is found at once, and an undoing told from a write.
ALTER TABLE change ADD COLUMN put_back INTEGER NOT NULL DEFAULT 0;
UPDATE change SET put_back = 1 WHERE batch IN (SELECT id FROM batch WHERE undoes IS NOT NULL);
CREATE INDEX change_thing ON change(kind, thing, batch);
-- A long job between whose parts others wrote goes on in a new batch; all its batches are undone together.
ALTER TABLE batch ADD COLUMN part_of INTEGER REFERENCES batch(id);
CREATE INDEX batch_part_of ON batch(part_of) WHERE part_of IS NOT NULL;
CREATE INDEX batch_undoes ON batch(undoes) WHERE undoes IS NOT NULL;

-- Hashes of what rows hold, so that a check finds a byte that was flipped on the disk; NULL where a row was written
-- before there were any. A unit's content has had its own from the first.
ALTER TABLE change  ADD COLUMN seal INTEGER;
ALTER TABLE batch   ADD COLUMN seal INTEGER;
ALTER TABLE unit    ADD COLUMN seal INTEGER;
ALTER TABLE release ADD COLUMN seal INTEGER;
ALTER TABLE concept ADD COLUMN seal INTEGER;
ALTER TABLE fact    ADD COLUMN seal INTEGER;
ALTER TABLE lexicon ADD COLUMN seal INTEGER;
ALTER TABLE segment   ADD COLUMN seal INTEGER;
ALTER TABLE skeletons ADD COLUMN seal INTEGER;
ALTER TABLE lists     ADD COLUMN seal INTEGER;
ALTER TABLE signs     ADD COLUMN seal INTEGER;
ALTER TABLE words     ADD COLUMN seal INTEGER;

-- Files that a backup carries beside the memory: the settings, and the glossaries they name. Empty elsewhere.
CREATE TABLE carried (
  name TEXT PRIMARY KEY,               -- the path below the folder of the settings, with `/`
  body BLOB NOT NULL,
  seal INTEGER
) STRICT, WITHOUT ROWID;
