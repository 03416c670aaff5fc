//! Text to segments.
