//! Whole runs of the program, as a user would start it.

mod analyse;
mod archive;
mod bad_input;
mod clients;
mod compat;
mod decisions;
mod desk;
mod exchange;
mod fill;
mod formats;
mod journey;
mod lookup;
mod omegat;
mod page;
mod pairing;
mod quarantine;
mod readme;
mod releases;
mod segment;
#[cfg(feature = "serve")]
mod serve;
mod suggest;
mod survival;
mod termbase;
mod terms;
mod upkeep;
