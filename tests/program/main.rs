//! Whole runs of the program, as a user would start it.

mod bad_input;
mod desk;
mod journey;
mod pairing;
mod readme;
mod segment;
