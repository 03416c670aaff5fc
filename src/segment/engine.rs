//! Ordered break rules (the model of SRX 2.0) over two lazy DFAs.
//!
//! A rule is a pattern that ends at a place and a pattern that begins there. All before-patterns run at once,
//! backwards from the place, in one reverse lazy DFA; all after-patterns run forwards in another. A rule holds
//! where both of its patterns match, and of the rules that hold the first one decides. No more than [`LOOK`]
//! bytes are read each way, so that hostile text costs no more than its length.

use regex_automata::{
    Anchored, Input, MatchKind,
    hybrid::{
        LazyStateID,
        dfa::{Cache, DFA},
    },
    nfa::thompson::{Compiler, Config, WhichCaptures},
    util::pool::Pool,
};

/// How far the patterns may look each way, in bytes.
const LOOK: usize = 256;

/// A lazy DFA larger than this starts afresh, in bytes.
const CACHE: usize = 16 << 20;

/// The most rules one engine takes: a bit each.
pub(super) const MOST_RULES: usize = u128::BITS as usize;

/// One rule as the engine sees it.
pub(super) struct Pattern {
    pub breaks: bool,
    pub before: String,
    pub after: String,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum EngineError {
    #[error("{0} rules are more than the engine's {MOST_RULES}")]
    TooMany(usize),
    #[error(transparent)]
    Pattern(Box<regex_automata::nfa::thompson::BuildError>),
    #[error(transparent)]
    Automaton(Box<regex_automata::hybrid::BuildError>),
}

pub(super) struct Engine {
    reverse: DFA,
    forward: DFA,
    /// A bit for each rule that breaks.
    breaking: u128,
    /// The bytes that can stand last before a place some rule speaks of.
    last: [bool; 256],
    caches: Pool<Caches, Box<dyn Fn() -> Caches + Send + Sync + std::panic::UnwindSafe + std::panic::RefUnwindSafe>>,
}

struct Caches {
    reverse: Cache,
    forward: Cache,
}

impl Engine {
    pub fn new(rules: &[Pattern]) -> Result<Engine, EngineError> {
        if rules.len() > MOST_RULES {
            return Err(EngineError::TooMany(rules.len()));
        }
        let before: Vec<&str> = rules.iter().map(|rule| rule.before.as_str()).collect();
        let after: Vec<&str> = rules.iter().map(|rule| rule.after.as_str()).collect();
        let reverse = automaton(&before, true)?;
        let forward = automaton(&after, false)?;
        let breaking = rules.iter().enumerate().filter(|(_, rule)| rule.breaks).fold(0, |bits, (n, _)| bits | 1 << n);
        let mut last = [false; 256];
        let mut cache = reverse.create_cache();
        for byte in 0..=255u8 {
            let haystack = [byte];
            let state = start(&reverse, &mut cache, &haystack, 0, 1, true);
            last[usize::from(byte)] = !step(&reverse, &mut cache, state, byte).is_dead();
        }
        let (new_reverse, new_forward) = (reverse.clone(), forward.clone());
        let caches = Pool::new(Box::new(move || Caches {
            reverse: new_reverse.create_cache(),
            forward: new_forward.create_cache(),
        }) as Box<_>);
        Ok(Engine { reverse, forward, breaking, last, caches })
    }

    /// Calls `each` with every place of `text` a breaking rule speaks of, in order, and the number of the rule
    /// that decides there, which may be one that forbids the break. The ends of the text are no such places.
    pub fn decide(&self, text: &str, mut each: impl FnMut(usize, usize)) {
        let mut caches = self.caches.get();
        let Caches { reverse, forward } = &mut *caches;
        let bytes = text.as_bytes();
        for at in 1..bytes.len() {
            if !self.last[usize::from(bytes[at - 1])] || !text.is_char_boundary(at) {
                continue;
            }
            let after = matches_forward(&self.forward, forward, bytes, at);
            if after & self.breaking == 0 {
                continue;
            }
            let both = after & matches_reverse(&self.reverse, reverse, bytes, at);
            if both & self.breaking != 0 {
                each(at, both.trailing_zeros() as usize);
            }
        }
    }
}

fn automaton(patterns: &[&str], reverse: bool) -> Result<DFA, EngineError> {
    let config = Config::new().reverse(reverse).shrink(false).which_captures(WhichCaptures::None);
    let nfa = Compiler::new()
        .configure(config)
        .build_many(patterns)
        .map_err(|error| EngineError::Pattern(Box::new(error)))?;
    let config = DFA::config()
        .match_kind(MatchKind::All)
        .cache_capacity(CACHE)
        .skip_cache_capacity_check(true)
        .specialize_start_states(false);
    DFA::builder().configure(config).build_from_nfa(nfa).map_err(|error| EngineError::Automaton(Box::new(error)))
}

/// The rules whose after-pattern matches from `at` on.
fn matches_forward(dfa: &DFA, cache: &mut Cache, bytes: &[u8], at: usize) -> u128 {
    let mut found = 0;
    let mut state = start(dfa, cache, bytes, at, bytes.len(), false);
    for byte in bytes[at..].iter().take(LOOK) {
        state = step(dfa, cache, state, *byte);
        if state.is_match() {
            found |= patterns(dfa, cache, state);
        } else if state.is_dead() {
            return found;
        }
    }
    if bytes.len() - at <= LOOK {
        let end = dfa.next_eoi_state(cache, state).expect(NEVER_GIVES_UP);
        found |= patterns(dfa, cache, end);
    }
    found
}

/// The rules whose before-pattern matches up to `at`.
fn matches_reverse(dfa: &DFA, cache: &mut Cache, bytes: &[u8], at: usize) -> u128 {
    let mut found = 0;
    let mut state = start(dfa, cache, bytes, 0, at, true);
    for byte in bytes[..at].iter().rev().take(LOOK) {
        state = step(dfa, cache, state, *byte);
        if state.is_match() {
            found |= patterns(dfa, cache, state);
        } else if state.is_dead() {
            return found;
        }
    }
    if at <= LOOK {
        let end = dfa.next_eoi_state(cache, state).expect(NEVER_GIVES_UP);
        found |= patterns(dfa, cache, end);
    }
    found
}

const NEVER_GIVES_UP: &str = "no limit is set on how often the cache is cleared, and no byte makes the search quit";

fn start(dfa: &DFA, cache: &mut Cache, bytes: &[u8], from: usize, to: usize, reverse: bool) -> LazyStateID {
    let input = Input::new(bytes).range(from..to).anchored(Anchored::Yes);
    let state = if reverse { dfa.start_state_reverse(cache, &input) } else { dfa.start_state_forward(cache, &input) };
    state.expect(NEVER_GIVES_UP)
}

fn step(dfa: &DFA, cache: &mut Cache, state: LazyStateID, byte: u8) -> LazyStateID {
    dfa.next_state(cache, state, byte).expect(NEVER_GIVES_UP)
}

fn patterns(dfa: &DFA, cache: &Cache, state: LazyStateID) -> u128 {
    if !state.is_match() {
        return 0;
    }
    (0..dfa.match_len(cache, state)).fold(0, |bits, n| bits | 1 << dfa.match_pattern(cache, state, n).as_usize())
}
