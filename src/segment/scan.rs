//! One lazy DFA walked from a place, with a table of its own over it: what each state matches is worked out once, and
//! a step is one look into the table.

use regex_automata::{
    Anchored, Input, MatchKind,
    hybrid::{
        LazyStateID,
        dfa::{Cache, DFA},
    },
    nfa::thompson::{Compiler, Config, WhichCaptures},
};
use regex_syntax::hir::Hir;
use rustc_hash::FxHashMap;

/// How far the patterns may look each way, in bytes.
const LOOK: usize = 256;
/// A lazy DFA larger than this starts afresh, in bytes.
const CACHE: usize = 16 << 20;

/// A state by its number in the table.
type State = u32;
const UNKNOWN: State = 0;
const DEAD: State = 1;

#[derive(Debug, thiserror::Error)]
pub(super) enum EngineError {
    #[error(transparent)]
    Pattern(Box<regex_automata::nfa::thompson::BuildError>),
    #[error(transparent)]
    Automaton(Box<regex_automata::hybrid::BuildError>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// From the place to the end of the text.
    Forward,
    /// From the place to the beginning.
    Reverse,
}

/// All patterns of one side. A clone shares what is compiled and learns its table anew.
#[derive(Clone)]
pub(super) struct Automaton {
    dfa: DFA,
    direction: Direction,
}

impl Automaton {
    pub fn new(patterns: &[&Hir], direction: Direction) -> Result<Automaton, EngineError> {
        let config =
            Config::new().reverse(direction == Direction::Reverse).shrink(false).which_captures(WhichCaptures::None);
        let nfa = Compiler::new()
            .configure(config)
            .build_many_from_hir(patterns)
            .map_err(|error| EngineError::Pattern(Box::new(error)))?;
        let config = DFA::config()
            .match_kind(MatchKind::All)
            .cache_capacity(CACHE)
            .skip_cache_capacity_check(true)
            .specialize_start_states(false);
        let dfa = DFA::builder()
            .configure(config)
            .build_from_nfa(nfa)
            .map_err(|error| EngineError::Automaton(Box::new(error)))?;
        Ok(Automaton { dfa, direction })
    }

    pub fn scan(&self) -> Scan {
        let stride = self.dfa.byte_classes().alphabet_len();
        let mut scan = Scan {
            cache: self.dfa.create_cache(),
            automaton: self.clone(),
            classes: std::array::from_fn(|byte| self.dfa.byte_classes().get(byte as u8)),
            stride,
            next: Vec::new(),
            found: Vec::new(),
            lazy: Vec::new(),
            numbers: FxHashMap::default(),
            starts: [UNKNOWN; 257],
            clears: 0,
        };
        scan.forget();
        scan
    }
}

/// An automaton at work: its states as far as texts have led to them.
pub(super) struct Scan {
    automaton: Automaton,
    cache: Cache,
    classes: [u8; 256],
    /// The length of a state's row in `next`: a cell for each class of bytes, the last one for the end of the text.
    stride: usize,
    next: Vec<State>,
    /// By state: a bit for each pattern that is known to match when the state is reached.
    found: Vec<u128>,
    lazy: Vec<LazyStateID>,
    numbers: FxHashMap<LazyStateID, State>,
    /// By the byte on the other side of the place; the last one for none.
    starts: [State; 257],
    /// How often the lazy DFA had started afresh when the table was begun.
    clears: usize,
}

const NEVER_GIVES_UP: &str = "no limit is set on how often the cache is cleared, and no byte makes the search quit";

impl Scan {
    /// A bit for each pattern that matches from `at` on (forward), or up to `at` (reverse).
    pub fn matches(&mut self, text: &[u8], at: usize) -> u128 {
        match self.automaton.direction {
            Direction::Forward => {
                let start = self.start(at.checked_sub(1).map(|before| text[before]), text, at);
                let end = text.len().min(at + LOOK);
                self.walk(start, text[at..end].iter(), end == text.len())
            }
            Direction::Reverse => {
                let start = self.start(text.get(at).copied(), text, at);
                let end = at.saturating_sub(LOOK);
                self.walk(start, text[end..at].iter().rev(), end == 0)
            }
        }
    }

    #[inline]
    fn walk<'t>(&mut self, start: State, bytes: impl Iterator<Item = &'t u8>, to_the_end: bool) -> u128 {
        let mut state = start;
        let mut found = self.found[state as usize];
        for byte in bytes {
            state = self.step(state, *byte);
            if state == DEAD {
                return found;
            }
            found |= self.found[state as usize];
        }
        if to_the_end {
            let end = self.end(state);
            found |= self.found[end as usize];
        }
        found
    }

    #[inline]
    fn step(&mut self, state: State, byte: u8) -> State {
        match self.next[state as usize * self.stride + usize::from(self.classes[usize::from(byte)])] {
            UNKNOWN => self.learn(state, Some(byte)),
            next => next,
        }
    }

    fn end(&mut self, state: State) -> State {
        match self.next[(state as usize + 1) * self.stride - 1] {
            UNKNOWN => self.learn(state, None),
            next => next,
        }
    }

    /// The state behind `state`, at a byte or at the end of the text.
    #[cold]
    fn learn(&mut self, state: State, byte: Option<u8>) -> State {
        let (dfa, lazy) = (&self.automaton.dfa, self.lazy[state as usize]);
        let next = match byte {
            Some(byte) => dfa.next_state(&mut self.cache, lazy, byte),
            None => dfa.next_eoi_state(&mut self.cache, lazy),
        };
        let next = next.expect(NEVER_GIVES_UP);
        if self.cache.clear_count() != self.clears {
            self.forget();
            return self.number(next);
        }
        let number = self.number(next);
        let class = byte.map_or(self.stride - 1, |byte| usize::from(self.classes[usize::from(byte)]));
        self.next[state as usize * self.stride + class] = number;
        number
    }

    fn start(&mut self, beside: Option<u8>, text: &[u8], at: usize) -> State {
        let slot = beside.map_or(256, usize::from);
        if self.starts[slot] == UNKNOWN {
            let dfa = &self.automaton.dfa;
            let input = Input::new(text).anchored(Anchored::Yes);
            let lazy = match self.automaton.direction {
                Direction::Forward => dfa.start_state_forward(&mut self.cache, &input.range(at..)),
                Direction::Reverse => dfa.start_state_reverse(&mut self.cache, &input.range(..at)),
            };
            let lazy = lazy.expect(NEVER_GIVES_UP);
            if self.cache.clear_count() != self.clears {
                self.forget();
            }
            self.starts[slot] = self.number(lazy);
        }
        self.starts[slot]
    }

    /// The number of a state of the lazy DFA, which gets one where it has none.
    fn number(&mut self, lazy: LazyStateID) -> State {
        if lazy.is_dead() {
            return DEAD;
        }
        if let Some(number) = self.numbers.get(&lazy) {
            return *number;
        }
        let number = self.lazy.len() as State;
        let dfa = &self.automaton.dfa;
        let patterns = if lazy.is_match() { dfa.match_len(&self.cache, lazy) } else { 0 };
        let pattern = |n| dfa.match_pattern(&self.cache, lazy, n).as_usize();
        self.found.push((0..patterns).fold(0, |bits, n| bits | 1 << pattern(n)));
        self.next.resize(self.next.len() + self.stride, UNKNOWN);
        self.lazy.push(lazy);
        self.numbers.insert(lazy, number);
        number
    }

    /// Begins the table anew, as the lazy DFA under it has.
    fn forget(&mut self) {
        self.clears = self.cache.clear_count();
        self.starts = [UNKNOWN; 257];
        self.numbers.clear();
        // The rows of the two numbers that are no states of the lazy DFA: nothing leads on from there.
        self.next.clear();
        self.next.resize(2 * self.stride, DEAD);
        self.found.clear();
        self.found.resize(2, 0);
        self.lazy.clear();
        self.lazy.resize(2, LazyStateID::default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PATTERNS: [&str; 6] = ["a", "a+b", r"\s+ə", "", r"(?:a|b){2,3}\.", "a$"];

    fn scan(direction: Direction) -> Scan {
        let parsed: Vec<Hir> = PATTERNS.iter().map(|pattern| regex_syntax::parse(pattern).unwrap()).collect();
        Automaton::new(&parsed.iter().collect::<Vec<_>>(), direction).unwrap().scan()
    }

    proptest! {
        #[test]
        fn a_walk_finds_what_each_pattern_alone_would(
            text in prop::collection::vec(prop::sample::select(vec!["a", "b", ".", " ", "ə"]), 0..12),
        ) {
            let text = text.concat();
            let (mut forward, mut reverse) = (scan(Direction::Forward), scan(Direction::Reverse));
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let (after, before) = (forward.matches(text.as_bytes(), at), reverse.matches(text.as_bytes(), at));
                for (n, pattern) in PATTERNS.iter().enumerate() {
                    let starts = regex::Regex::new(&format!("^(?:{pattern})")).unwrap().is_match(&text[at..]);
                    prop_assert_eq!(after >> n & 1 == 1, starts, "{} from {} in {:?}", pattern, at, text);
                    let ends = regex::Regex::new(&format!("(?:{})$", pattern.trim_end_matches('$'))).unwrap();
                    let ends = ends.is_match(&text[..at]) && (!pattern.ends_with('$') || at == text.len());
                    prop_assert_eq!(before >> n & 1 == 1, ends, "{} up to {} in {:?}", pattern, at, text);
                }
            }
        }
    }

    #[test]
    fn a_table_begun_anew_finds_the_same() {
        let text = "ab. aab ə.".repeat(3);
        for direction in [Direction::Forward, Direction::Reverse] {
            let (mut kept, mut begun) = (scan(direction), scan(direction));
            for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
                begun.automaton.dfa.clone().reset_cache(&mut begun.cache);
                begun.forget();
                assert_eq!(begun.matches(text.as_bytes(), at), kept.matches(text.as_bytes(), at));
            }
        }
    }
}
