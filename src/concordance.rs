//! A pattern to keywords in context, both sides.
