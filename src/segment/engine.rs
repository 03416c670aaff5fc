//! Ordered break rules (the model of SRX 2.0) over two lazy DFAs.
//!
//! A rule is a pattern that ends at a place and a pattern that begins there. All before-patterns run at once,
//! backwards from the place, in one reverse lazy DFA; all after-patterns run forwards in another. A rule holds
//! where both of its patterns match, and of the rules that hold the first one decides. No more than [`LOOK`]
//! bytes are read each way, so that hostile text costs no more than its length.

use super::gate::Gate;
use regex_automata::{
    Anchored, Input, MatchKind,
    hybrid::{
        LazyStateID,
        dfa::{Cache, DFA},
    },
    nfa::thompson::{Compiler, Config, WhichCaptures},
    util::pool::Pool,
};
use regex_syntax::hir::Hir;

/// How far the patterns may look each way, in bytes.
const LOOK: usize = 256;

/// A lazy DFA larger than this starts afresh, in bytes.
const CACHE: usize = 16 << 20;

/// The most patterns one pair of automata takes: a bit each. Longer rule lists take several pairs.
const MOST: usize = u128::BITS as usize;

/// One rule as the engine sees it.
pub(super) struct Pattern {
    pub breaks: bool,
    pub before: Hir,
    pub after: Hir,
    /// What must hold besides; a handful, see `foreign::MOST_CONDITIONS`.
    pub conditions: Vec<Condition>,
}

/// What must stand, or must not stand, next to the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    pub side: Side,
    pub wanted: bool,
    pub pattern: Hir,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum EngineError {
    #[error(transparent)]
    Pattern(Box<regex_automata::nfa::thompson::BuildError>),
    #[error(transparent)]
    Automaton(Box<regex_automata::hybrid::BuildError>),
}

pub(super) struct Engine {
    /// In the order of their rules.
    parts: Vec<Part>,
    gate: Gate,
}

/// Up to [`MOST`] rules in a pair of automata.
struct Part {
    reverse: DFA,
    forward: DFA,
    /// The number of the first rule.
    first: usize,
    /// A bit for each rule, and one for each rule that breaks.
    rules: u128,
    breaking: u128,
    conditions: Vec<Slot>,
    caches: Pool<Caches, Box<dyn Fn() -> Caches + Send + Sync + std::panic::UnwindSafe + std::panic::RefUnwindSafe>>,
}

/// A condition of the rule of bit `rule`, tried as the pattern of bit `slot`.
struct Slot {
    rule: usize,
    slot: usize,
    side: Side,
    wanted: bool,
}

struct Caches {
    reverse: Cache,
    forward: Cache,
}

impl Engine {
    pub fn new(rules: &[Pattern]) -> Result<Engine, EngineError> {
        let mut parts = Vec::new();
        let mut first = 0;
        while first < rules.len() {
            let mut patterns = 0;
            let fitting = rules[first..].iter().take_while(|rule| {
                patterns += 1 + rule.conditions.len();
                patterns <= MOST
            });
            let count = fitting.count().max(1);
            parts.push(Part::new(first, &rules[first..first + count])?);
            first += count;
        }
        Ok(Engine { parts, gate: Gate::new(rules.iter().filter(|rule| rule.breaks)) })
    }

    /// Calls `each` with every place of `text` a breaking rule speaks of, in order, and the number of the rule
    /// that decides there, which may be one that forbids the break. The ends of the text are no such places.
    pub fn decide(&self, text: &str, mut each: impl FnMut(usize, usize)) {
        let mut caches: Vec<_> = self.parts.iter().map(|part| part.caches.get()).collect();
        let bytes = text.as_bytes();
        let mut from = 1;
        while let Some(at) = self.gate.next_place(bytes, from) {
            from = at + 1;
            // The first rule that holds decides, where one that breaks holds as well.
            let mut decides = None;
            for (n, (part, caches)) in self.parts.iter().zip(&mut caches).enumerate() {
                let all = decides.is_none() && n + 1 < self.parts.len();
                let (held, breaking) = part.held(caches, bytes, at, all);
                if held != 0 && decides.is_none() {
                    decides = Some(part.first + held.trailing_zeros() as usize);
                }
                if breaking {
                    each(at, decides.unwrap_or_default());
                    break;
                }
            }
        }
    }
}

impl Part {
    fn new(first: usize, rules: &[Pattern]) -> Result<Part, EngineError> {
        let mut before: Vec<&Hir> = rules.iter().map(|rule| &rule.before).collect();
        let mut after: Vec<&Hir> = rules.iter().map(|rule| &rule.after).collect();
        let nothing = Hir::fail();
        let mut conditions = Vec::new();
        for (number, rule) in rules.iter().enumerate() {
            for Condition { side, wanted, pattern } in &rule.conditions {
                conditions.push(Slot { rule: number, slot: before.len(), side: *side, wanted: *wanted });
                let is_before = *side == Side::Before;
                before.push(if is_before { pattern } else { &nothing });
                after.push(if is_before { &nothing } else { pattern });
            }
        }
        let reverse = automaton(&before, true)?;
        let forward = automaton(&after, false)?;
        let breaking = rules.iter().enumerate().filter(|(_, rule)| rule.breaks).fold(0, |bits, (n, _)| bits | 1 << n);
        let (new_reverse, new_forward) = (reverse.clone(), forward.clone());
        let caches = Pool::new(Box::new(move || Caches {
            reverse: new_reverse.create_cache(),
            forward: new_forward.create_cache(),
        }) as Box<_>);
        let rules = u128::MAX >> (MOST - rules.len());
        Ok(Part { reverse, forward, first, rules, breaking, conditions, caches })
    }

    /// The rules that hold at `at`, and whether one that breaks is among them. Unless `all` are asked for (because
    /// a rule of a later part may break there), those that forbid a break may be left out where none breaks.
    fn held(&self, caches: &mut Caches, bytes: &[u8], at: usize, all: bool) -> (u128, bool) {
        let Caches { reverse, forward } = caches;
        let after = matches_forward(&self.forward, forward, bytes, at);
        let needed = if all { self.rules } else { self.breaking };
        if after & needed == 0 {
            return (0, false);
        }
        let before = matches_reverse(&self.reverse, reverse, bytes, at);
        let mut both = after & before & self.rules;
        for Slot { rule, slot, side, wanted } in &self.conditions {
            let found = match side {
                Side::Before => before,
                Side::After => after,
            };
            if (found >> slot & 1 == 1) != *wanted {
                both &= !(1 << rule);
            }
        }
        (both, both & self.breaking != 0)
    }
}

fn automaton(patterns: &[&Hir], reverse: bool) -> Result<DFA, EngineError> {
    let config = Config::new().reverse(reverse).shrink(false).which_captures(WhichCaptures::None);
    let nfa = Compiler::new()
        .configure(config)
        .build_many_from_hir(patterns)
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
