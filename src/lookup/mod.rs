//! A query to scored matches.
