-- What people decided about findings (kind 4: they let one stand) and said of releases (kind 5: states, dates,
-- addresses). The history keeps them under the same kinds.
CREATE TABLE ruling (
  kind     INTEGER NOT NULL,
  key      TEXT NOT NULL,              -- the finding's id, the set's name
  revision INTEGER NOT NULL REFERENCES batch(id),
  body     TEXT NOT NULL,              -- JSON that the writer understands
  seal     INTEGER NOT NULL,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
