//! Units from outside: they wait until somebody has looked through them, and are worth less when they have been
//! accepted.
//!
//! An import into quarantine stores every unit as pending and keeps, for each origin, which units these are, what their
//! file made of them and what their matches are worth less ([`hold`]). What is wrong with them the audit tells
//! ([`audit`], by the table in [`rules`]); it is computed from the units whenever it is asked for.

mod audit;
mod characters;
mod hold;
mod rules;

pub use audit::{Flaw, Waiting};
pub(in crate::app) use hold::{Held, adopt};
pub use hold::{Origins, PENALTY, penalties, set_penalties};
pub use rules::{AuditRule, RULES, rule};

use super::{
    Watch,
    check::{STRIDE, accepted::Decisions},
};
use crate::{
    formats::tmx::Header,
    lang::Language,
    lookup::Score,
    memory::{Batch, Filter, MemoryError, Reader},
    model::{Concept, Provenance, State, Unit, UnitId},
};
use audit::Auditor;
use rustc_hash::FxHashSet;

/// How an import goes into quarantine.
#[derive(Debug, Clone, Default)]
pub struct Quarantine {
    /// What matches of it are worth less; `None`: what is known of its origin, else [`PENALTY`].
    pub penalty: Option<Score>,
    /// The termbase its terms are held against.
    pub concepts: Vec<Concept>,
}

/// How often each rule found something, in the order of the table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tally {
    /// Units that were audited.
    pub units: usize,
    /// Those without any fault.
    pub clean: usize,
    pub rules: Vec<Tallied>,
}

/// What one rule found.
#[derive(Debug, Clone, PartialEq)]
pub struct Tallied {
    pub rule: &'static AuditRule,
    pub units: usize,
    /// The first unit, with what is wrong with it.
    pub example: Waiting,
    pub flaw: Flaw,
}

impl Tally {
    pub fn add(&mut self, waiting: &Waiting, flaws: &[Flaw]) {
        self.units += 1;
        self.clean += usize::from(flaws.is_empty());
        for (at, flaw) in flaws.iter().enumerate() {
            // Two texts with one fault are one unit.
            if flaws[..at].iter().any(|known| std::ptr::eq(known.rule, flaw.rule)) {
                continue;
            }
            match self.rules.iter_mut().find(|known| std::ptr::eq(known.rule, flaw.rule)) {
                Some(known) => known.units += 1,
                None => {
                    self.rules.push(Tallied {
                        rule: flaw.rule,
                        units: 1,
                        example: waiting.clone(),
                        flaw: flaw.clone(),
                    });
                }
            }
        }
        self.rules.sort_by_key(|tallied| RULES.iter().position(|rule| std::ptr::eq(rule, tallied.rule)));
    }
}

/// Takes units of one file into quarantine.
pub(super) struct Intake<'q> {
    quarantine: &'q Quarantine,
    name: &'q str,
    held: Held,
    auditor: Auditor,
    waiting: Vec<Waiting>,
    tally: Tally,
}

impl<'q> Intake<'q> {
    pub fn new(quarantine: &'q Quarantine, name: &'q str) -> Intake<'q> {
        let auditor = Auditor::new(name, quarantine.concepts.clone(), Decisions::default());
        Intake { quarantine, name, held: Held::default(), auditor, waiting: Vec::new(), tally: Tally::default() }
    }

    /// Makes a unit one that waits. What its file made of it.
    pub fn hold(&self, unit: &mut Unit) -> State {
        if unit.origin.name != self.name {
            unit.origin.name = self.within(&unit.origin.name);
        }
        unit.origin.provenance = Provenance::Import;
        std::mem::replace(&mut unit.state, State::Pending)
    }

    /// The name of an origin that the file names: others may call their sets as we call ours.
    fn within(&self, origin: &str) -> String {
        format!("{}{}{origin}", self.name, hold::WITHIN)
    }

    /// The head of the file, those that it brings along under the origins its units have here.
    pub fn head(&self, mut header: Header) -> Header {
        header.carried.iter_mut().for_each(|(origin, _)| *origin = self.within(origin));
        header
    }

    /// A unit that was stored.
    pub fn took(&mut self, id: UnitId, unit: Unit, filed: State) {
        self.held.add(id, filed);
        self.waiting.push(Waiting { id, unit, filed });
        if self.waiting.len() == STRIDE {
            self.audit();
        }
    }

    fn audit(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        let found = self.auditor.audit(&waiting);
        waiting.iter().zip(&found).for_each(|(waiting, flaws)| self.tally.add(waiting, flaws));
    }

    /// Notes which units wait; what was found in them.
    pub fn finish(mut self, batch: &mut Batch<'_>) -> Result<Tally, MemoryError> {
        self.audit();
        if !self.held.is_empty() {
            hold::hold(batch, &hold::exactly(self.name), &self.held, self.quarantine.penalty)?;
        }
        Ok(self.tally)
    }
}

/// Which of the waiting units are meant. All that is said must hold.
#[derive(Debug, Clone, Default)]
pub struct Sought {
    /// These numbers; none: all.
    pub numbered: Vec<UnitId>,
    /// A glob over their origins.
    pub origin: Option<String>,
    /// With a text in each of these.
    pub languages: Vec<Language>,
    pub faults: Faults,
}

#[derive(Debug, Clone, Default)]
pub enum Faults {
    /// Whatever was found.
    #[default]
    Any,
    /// Nothing was found.
    None,
    /// One of these rules found something.
    With(Vec<&'static AuditRule>),
    /// None of these rules did.
    Without(Vec<&'static AuditRule>),
}

impl Faults {
    fn fit(&self, flaws: &[Flaw]) -> bool {
        let among =
            |rules: &[&AuditRule]| flaws.iter().any(|flaw| rules.iter().any(|rule| std::ptr::eq(*rule, flaw.rule)));
        match self {
            Faults::Any => true,
            Faults::None => flaws.is_empty(),
            Faults::With(rules) => among(rules),
            Faults::Without(rules) => !among(rules),
        }
    }
}

impl Sought {
    /// What its own file marks as pending is accepted by whoever names it only.
    fn names_unsure(&self) -> bool {
        let is_unsure = |rule: &&AuditRule| rule.name == rules::own(rules::Fault::Unsure).name;
        let named = match &self.faults {
            Faults::With(rules) => rules.iter().any(is_unsure),
            _ => false,
        };
        named || !self.numbered.is_empty()
    }
}

/// Audits the waiting units that are sought, in order; `each` gets them with what is wrong with them.
///
/// # Errors
/// A number that no waiting unit has; what the memory refuses; what `each` gives.
pub fn audit<E: From<MemoryError>>(
    reader: &Reader<'_>,
    memory: &str,
    concepts: Vec<Concept>,
    sought: &Sought,
    watch: &dyn Watch,
    mut each: impl FnMut(Waiting, Vec<Flaw>) -> Result<(), E>,
) -> Result<(), E> {
    let origins = Origins::of(reader)?;
    let mut missing: FxHashSet<UnitId> = sought.numbered.iter().copied().collect();
    if !origins.is_empty() {
        watch.begin("auditing", reader.status()?.units as usize);
        let mut auditor = Auditor::new(memory, concepts, Decisions::of(reader)?);
        let meant = |id: UnitId, unit: &Unit| {
            let has = |language: &Language| unit.variants.iter().any(|variant| variant.language == *language);
            unit.state == State::Pending
                && (sought.numbered.is_empty() || sought.numbered.contains(&id))
                && sought.origin.as_ref().is_none_or(|origin| crate::text::glob::matches(origin, &unit.origin.name))
                && sought.languages.iter().all(has)
        };
        let mut stride: Vec<Waiting> = Vec::new();
        let mut handed = |auditor: &mut Auditor, stride: Vec<Waiting>| -> Result<(), E> {
            let found = auditor.audit(&stride);
            let fit = stride.into_iter().zip(found).filter(|(_, flaws)| sought.faults.fit(flaws));
            fit.into_iter().try_for_each(|(waiting, flaws)| each(waiting, flaws))
        };
        reader.units(&Filter::all(), |id, unit| -> Result<(), E> {
            watch.step();
            let Some(filed) = origins.filed(id) else { return Ok(()) };
            if !meant(id, &unit) {
                // What was accepted already doubles what waits.
                auditor.pass(id, &unit);
                return Ok(());
            }
            missing.remove(&id);
            stride.push(Waiting { id, unit, filed });
            match stride.len() {
                STRIDE => handed(&mut auditor, std::mem::take(&mut stride)),
                _ => Ok(()),
            }
        })?;
        handed(&mut auditor, stride)?;
    }
    match missing.into_iter().min() {
        Some(id) => Err(MemoryError::NotWaiting(id).into()),
        None => Ok(()),
    }
}

/// The waiting units that are sought, by their numbers.
#[derive(Debug, Default)]
pub struct Chosen {
    pub units: Vec<UnitId>,
    /// Units that their own files mark as pending, and that were not asked for as such: they go on waiting.
    pub unsure: usize,
}

/// Chooses units to be accepted; or, with `unsure`, to be refused, those of which their files are not sure too.
///
/// # Errors
/// Those of [`audit`].
pub fn choose(
    reader: &Reader<'_>,
    memory: &str,
    concepts: Vec<Concept>,
    sought: &Sought,
    unsure: bool,
    watch: &dyn Watch,
) -> Result<Chosen, MemoryError> {
    let all = unsure || sought.names_unsure();
    let mut chosen = Chosen::default();
    audit(reader, memory, concepts, sought, watch, |waiting, _| {
        match waiting.filed {
            State::Pending if !all => chosen.unsure += 1,
            _ => chosen.units.push(waiting.id),
        }
        Ok::<_, MemoryError>(())
    })?;
    Ok(chosen)
}

/// How many units wait.
///
/// # Errors
/// What the memory refuses.
pub fn waiting(reader: &Reader<'_>) -> Result<usize, MemoryError> {
    let origins = Origins::of(reader)?;
    let mut count = 0;
    if !origins.is_empty() {
        let pending = Filter { state: Some(State::Pending), ..Filter::all() };
        reader.units(&pending, |id, _| {
            count += usize::from(origins.filed(id).is_some());
            Ok::<_, MemoryError>(())
        })?;
    }
    Ok(count)
}
