//! Ordered break rules (the model of SRX 2.0) over two lazy DFAs.
//!
//! A rule is a pattern that ends at a place and a pattern that begins there. All before-patterns run at once,
//! backwards from the place, in one reverse lazy DFA; all after-patterns run forwards in another. A rule holds
//! where both of its patterns match, and of the rules that hold the first one decides. No more than 256
//! bytes are read each way, so that hostile text costs no more than its length.

use super::{
    gate::Gate,
    scan::{Automaton, Direction, EngineError, Scan},
};
use regex_automata::util::pool::Pool;
use regex_syntax::hir::Hir;

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

pub(super) struct Engine {
    /// In the order of their rules.
    parts: Vec<Part>,
    gate: Gate,
}

/// Up to [`MOST`] rules in a pair of automata.
struct Part {
    /// The number of the first rule.
    first: usize,
    /// A bit for each rule, and one for each rule that breaks.
    rules: u128,
    breaking: u128,
    conditions: Vec<Slot>,
    scans: Pool<Scans, Box<dyn Fn() -> Scans + Send + Sync + std::panic::UnwindSafe + std::panic::RefUnwindSafe>>,
}

/// A condition of the rule of bit `rule`, tried as the pattern of bit `slot`.
struct Slot {
    rule: usize,
    slot: usize,
    side: Side,
    wanted: bool,
}

/// The two automata at work, for one thread at a time.
struct Scans {
    reverse: Scan,
    forward: Scan,
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
        let mut scans: Vec<_> = self.parts.iter().map(|part| part.scans.get()).collect();
        let bytes = text.as_bytes();
        let mut from = 1;
        while let Some(at) = self.gate.next_place(bytes, from) {
            from = at + 1;
            // The first rule that holds decides, where one that breaks holds as well.
            let mut decides = None;
            for (n, (part, scans)) in self.parts.iter().zip(&mut scans).enumerate() {
                let all = decides.is_none() && n + 1 < self.parts.len();
                let (held, breaking) = part.held(scans, bytes, at, all);
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
        let reverse = Automaton::new(&before, Direction::Reverse)?;
        let forward = Automaton::new(&after, Direction::Forward)?;
        let breaking = rules.iter().enumerate().filter(|(_, rule)| rule.breaks).fold(0, |bits, (n, _)| bits | 1 << n);
        let new = move || Scans { reverse: reverse.scan(), forward: forward.scan() };
        let scans = Pool::new(Box::new(new) as Box<_>);
        let rules = u128::MAX >> (MOST - rules.len());
        Ok(Part { first, rules, breaking, conditions, scans })
    }

    /// The rules that hold at `at`, and whether one that breaks is among them. Unless `all` are asked for (because
    /// a rule of a later part may break there), those that forbid a break may be left out where none breaks.
    fn held(&self, scans: &mut Scans, bytes: &[u8], at: usize, all: bool) -> (u128, bool) {
        let after = scans.forward.matches(bytes, at);
        let needed = if all { self.rules } else { self.breaking };
        if after & needed == 0 {
            return (0, false);
        }
        let before = scans.reverse.matches(bytes, at);
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
