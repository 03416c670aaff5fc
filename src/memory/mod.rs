//! The SQLite file that holds the units; nobody else speaks SQL.
