//! Two or more segment lists to beads, and counterparts among files.
