//! Proposals for the glossary from a memory.

use super::Watch;
use crate::{
    align::Lexicon,
    lang::{self, Language},
    memory::{About, BatchId, Filter, Memory, MemoryError, Mode, Outcome, Reader},
    model::{Concept, Status, Term, Unit, UnitId},
    suggest::{self, Contradiction, Corpus, Options, Progress, Proposal},
    terms::Termbase,
};
use jiff::Timestamp;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::Path};

/// Units read at a time.
const STRIDE: usize = 2048;
/// Units the lexicon is learned from; more are sampled evenly.
const LEARNED_FROM: u64 = 8_000;

/// What is looked for, and in which languages.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The language that leads; left out, English if the memory has it.
    pub from: Option<Language>,
    /// The others; left out, all of the memory.
    pub to: Vec<Language>,
    pub options: Options,
    /// Terms the memory contradicts, instead of proposals.
    pub contradictions: bool,
}

/// What was found in a memory.
#[derive(Debug, Default)]
pub struct Suggested {
    /// The language that leads first.
    pub languages: Vec<Language>,
    /// Units looked through.
    pub units: usize,
    /// The best first.
    pub proposals: Vec<Proposal>,
    /// Proposals there are, with those left out.
    pub all: usize,
    /// Proposals left out because somebody refused them.
    pub refused: usize,
    pub contradictions: Vec<Contradiction>,
    /// The texts of the examples.
    pub examples: BTreeMap<UnitId, BTreeMap<Language, String>>,
}

#[derive(Debug, thiserror::Error)]
pub enum SuggestError {
    #[error(transparent)]
    Memory(#[from] MemoryError),
    #[error("the memory has no units in {0}")]
    NoUnits(Language),
    #[error("the memory has units in {} only: terms are found by how they are translated", languages(.0))]
    OneLanguage(Vec<Language>),
    #[error("`{0}` is named as the source and as a target")]
    Twice(Language),
}

fn languages(all: &[Language]) -> String {
    match all {
        [] => "no language".to_owned(),
        all => all.iter().map(Language::as_str).collect::<Vec<_>>().join(" and "),
    }
}

/// Tells a watch of the stages.
struct Told<'w>(&'w dyn Watch);

impl Progress for Told<'_> {
    fn stage(&self, what: &'static str, steps: usize) {
        self.0.begin(what, steps);
    }

    fn step(&self) {
        self.0.step();
    }
}

/// Looks through the units of a memory that are not pending for what `concepts` lack or contradict.
///
/// # Errors
/// What the memory refuses, one that is not there too; too few languages.
pub fn suggest(
    memory: &Path,
    concepts: Vec<Concept>,
    wanted: &Wanted,
    watch: &dyn Watch,
) -> Result<Suggested, SuggestError> {
    let memory = Memory::open(memory, Mode::Read)?;
    let reader = memory.read()?;
    let languages = chosen(&reader, wanted)?;
    let (corpus, lexicon) = read(&reader, &languages, Termbase::new(concepts), watch)?;
    let mut out = Suggested { units: corpus.len(), ..Suggested::default() };
    let options = wanted.options;
    let shown: Vec<UnitId> = if wanted.contradictions {
        out.contradictions = suggest::contradictions(&corpus, &lexicon, options.least, options.examples, &Told(watch));
        out.all = out.contradictions.len();
        out.contradictions.truncate(if options.most == 0 { usize::MAX } else { options.most });
        out.contradictions.iter().flat_map(|found| found.examples.clone()).collect()
    } else {
        let refused: FxHashSet<String> = refused(&reader)?.into_iter().flat_map(|refused| refused.keys()).collect();
        let most = if options.most == 0 { 0 } else { options.most + refused.len() };
        let found = suggest::suggest(&corpus, &lexicon, Options { most, ..options }, &Told(watch));
        (out.proposals, out.all) = (found.proposals, found.all);
        let before = out.proposals.len();
        out.proposals.retain(|proposal| !refused.contains(&key(proposal.terms[0].language, &proposal.terms[0].text)));
        out.refused = before - out.proposals.len();
        out.all -= out.refused;
        out.proposals.truncate(if options.most == 0 { usize::MAX } else { options.most });
        out.proposals.iter().flat_map(|proposal| proposal.examples.clone()).collect()
    };
    for id in shown {
        if let Some(unit) = reader.unit(id)? {
            out.examples.entry(id).or_insert_with(|| texts(&unit, &languages));
        }
    }
    out.languages = languages;
    Ok(out)
}

/// A proposal that somebody refused, as the memory keeps it: it is not proposed again, whichever language leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The leading language first.
    pub terms: Vec<(Language, String)>,
    pub reason: String,
    pub who: String,
    pub date: Timestamp,
}

impl Refused {
    fn keys(self) -> impl Iterator<Item = String> {
        self.terms.into_iter().map(|(language, text)| key(language, &text))
    }
}

/// Under this a refused term is kept.
pub fn key(language: Language, text: &str) -> String {
    format!("{language}={}", language.key(text))
}

/// What was refused, the last first.
///
/// # Errors
/// What the memory refuses.
pub fn refused(reader: &Reader<'_>) -> Result<Vec<Refused>, MemoryError> {
    let mut out = Vec::new();
    for ruling in reader.rulings(About::Suggestion)? {
        out.push(serde_json::from_str::<Refused>(&ruling.body)?);
    }
    out.sort_by_key(|refused| std::cmp::Reverse(refused.date));
    Ok(out)
}

/// Refuses a proposal, or takes the refusal of one back (`None`), by its leading term: one batch. `None` where all was
/// so already.
///
/// # Errors
/// What the memory refuses.
pub fn refuse(
    memory: &mut Memory,
    lead: (Language, &str),
    refused: Option<&Refused>,
    now: Timestamp,
    who: &str,
) -> Result<Option<BatchId>, MemoryError> {
    let what = if refused.is_some() { "refuse" } else { "take back the refusal of" };
    let note = format!("term suggest: {what} {}={}", lead.0, lead.1);
    let body = refused.map(serde_json::to_string).transpose()?;
    memory.attempt(&note, now, who, |batch| {
        let new = batch.rule(About::Suggestion, &key(lead.0, lead.1), body.as_deref())?;
        Ok(if new { Outcome::Keep(Some(batch.id())) } else { Outcome::Discard(None) })
    })
}

/// The language that leads, and the others.
fn chosen(reader: &Reader<'_>, wanted: &Wanted) -> Result<Vec<Language>, SuggestError> {
    let there: Vec<Language> =
        reader.status()?.variants.into_iter().filter(|(_, texts)| *texts > 0).map(|(language, _)| language).collect();
    let lead = wanted.from.or_else(|| lang::lead(there.iter().copied().filter(|own| !wanted.to.contains(own))));
    let lead = lead.ok_or_else(|| SuggestError::OneLanguage(there.clone()))?;
    let mut out = vec![lead];
    let rest = there.iter().copied().filter(|own| *own != lead);
    let others: Vec<Language> = if wanted.to.is_empty() { rest.collect() } else { wanted.to.clone() };
    for language in others {
        if language == lead {
            return Err(SuggestError::Twice(lead));
        }
        if !out.contains(&language) {
            out.push(language);
        }
    }
    if let Some(missing) = out.iter().find(|language| !there.contains(language)) {
        return Err(SuggestError::NoUnits(*missing));
    }
    if out.len() < 2 { Err(SuggestError::OneLanguage(there)) } else { Ok(out) }
}

fn texts(unit: &Unit, languages: &[Language]) -> BTreeMap<Language, String> {
    let mut out = BTreeMap::new();
    for variant in unit.variants.iter().filter(|variant| languages.contains(&variant.language)) {
        out.entry(variant.language).or_insert_with(|| variant.text.clone());
    }
    out
}

/// The units of the memory taken apart, and which words answer one another in them.
fn read(
    reader: &Reader<'_>,
    languages: &[Language],
    termbase: Termbase,
    watch: &dyn Watch,
) -> Result<(Corpus, Lexicon), SuggestError> {
    let mut corpus = Corpus::new(languages, termbase);
    let count = reader.status()?.units;
    watch.begin("reading", count as usize);
    let step = count.div_ceil(LEARNED_FROM).max(1);
    let mut learned: Vec<BTreeMap<Language, String>> = Vec::new();
    let mut stride: Vec<(UnitId, Unit)> = Vec::with_capacity(STRIDE);
    let mut at = 0u64;
    reader.units::<MemoryError>(&Filter::default(), |id, unit| {
        if at.is_multiple_of(step) {
            learned.push(texts(&unit, languages));
        }
        at += 1;
        stride.push((id, unit));
        if stride.len() == STRIDE {
            take(&mut corpus, &mut stride, watch);
        }
        Ok(())
    })?;
    take(&mut corpus, &mut stride, watch);
    let mut lexicon = Lexicon::default();
    let (lead, others) = (languages[0], &languages[1..]);
    watch.begin("learning words", others.len());
    for other in others {
        let pairs = learned.iter().filter_map(|texts| Some((texts.get(&lead)?.as_str(), texts.get(other)?.as_str())));
        lexicon.learn(lead, *other, pairs);
        watch.step();
    }
    Ok((corpus, lexicon))
}

fn take(corpus: &mut Corpus, stride: &mut Vec<(UnitId, Unit)>, watch: &dyn Watch) {
    let read: Vec<suggest::Read> = stride
        .par_iter()
        .map(|(_, unit)| {
            watch.step();
            corpus.read(unit.variants.iter().map(|variant| (variant.language, variant.text.as_str())))
        })
        .collect();
    for ((id, unit), read) in stride.drain(..).zip(read) {
        let document = unit.context.document.as_deref().unwrap_or(&unit.origin.name);
        corpus.add(id, document, read);
    }
}

/// The proposals as concepts whose terms wait for somebody's approval: a glossary file.
pub fn concepts(proposals: &[Proposal]) -> Vec<Concept> {
    let mut used: FxHashSet<String> = FxHashSet::default();
    proposals
        .iter()
        .map(|proposal| {
            let base = identifier(&proposal.terms[0].text);
            let mut id = base.clone();
            let mut number = 1;
            while !used.insert(id.clone()) {
                number += 1;
                id = format!("{base}-{number}");
            }
            let mut terms: Vec<Term> = Vec::new();
            for term in &proposal.terms {
                let texts = [Some(&term.text), term.abbreviation.as_ref().map(|short| &short.text)];
                let own = texts.into_iter().flatten().filter(|text| !text.contains(';'));
                terms.extend(own.map(|text| Term::new(text.as_str(), term.language, Status::Proposed)));
            }
            let note = |term: &suggest::Proposed| {
                let others: Vec<String> =
                    term.others.iter().map(|other| format!("{} {}", other.text, other.units)).collect();
                (!others.is_empty())
                    .then(|| format!("{}: {} {}, {}", term.language, term.text, term.units, others.join(", ")))
            };
            let notes: Vec<String> = proposal.terms.iter().filter_map(note).collect();
            let note = (!notes.is_empty()).then(|| format!("Also translated otherwise. {}", notes.join("; ")));
            Concept { id, terms, note, ..Concept::default() }
        })
        .collect()
}

/// A name for a concept, of the letters and digits of its term.
fn identifier(text: &str) -> String {
    let lower = text.to_lowercase();
    let parts: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "term".to_owned() } else { parts.join("-") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Unwatched;
    use crate::model::Variant;

    #[test]
    fn what_is_refused_does_not_come_back_until_it_is_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.db");
        let mut memory = Memory::open(&path, Mode::Write).unwrap();
        let now: Timestamp = "2024-05-01T00:00:00Z".parse().unwrap();
        memory
            .write("test", now, "me", |batch| {
                for (en, az) in [
                    ("The Border Guard opened a gate.", "Sərhəd Mühafizəsi qapı açdı."),
                    ("We thank the Border Guard.", "Sərhəd Mühafizəsinə təşəkkür edirik."),
                    ("Nobody saw the Border Guard there.", "Sərhəd Mühafizəsini orada heç kim görmədi."),
                    ("The Border Guard has new cars.", "Sərhəd Mühafizəsinin yeni maşınları var."),
                    ("Two men of the Border Guard came to Baku.", "Sərhəd Mühafizəsinin iki nəfəri Bakıya gəldi."),
                    (
                        "They asked the Border Guard about the road.",
                        "Onlar yol haqqında Sərhəd Mühafizəsindən soruşdular.",
                    ),
                    ("It rains today.", "Bu gün yağış yağır."),
                    ("Apples are red.", "Almalar qırmızıdır."),
                    ("She reads a book.", "O, kitab oxuyur."),
                    ("The sea is calm.", "Dəniz sakitdir."),
                    ("He went home early.", "O, evə erkən getdi."),
                    ("Dogs bark at night.", "İtlər gecə hürür."),
                ] {
                    let variants = vec![Variant::new(Language::EN, en), Variant::new(Language::AZ, az)];
                    batch.add(&Unit { variants, ..Unit::default() })?;
                }
                Ok(())
            })
            .unwrap();
        let options = Options { least: 3, most: 10, examples: 1 };
        let all_of = |from: Option<Language>| {
            let wanted = Wanted { from, to: Vec::new(), options, contradictions: false };
            suggest(&path, Vec::new(), &wanted, &Unwatched).unwrap()
        };
        let found = |from: Option<Language>| {
            let found = all_of(from);
            let texts = found.proposals.iter().map(|p| p.terms[0].text.clone()).collect::<Vec<_>>();
            (texts, found.refused, found.all)
        };
        let (texts, refused_before, all) = found(None);
        assert!(texts.contains(&"Border Guard".to_owned()) && refused_before == 0, "{texts:?}");
        let lead = (Language::EN, "Border Guard");
        let refusal = Refused {
            // As it is cited where either language leads.
            terms: [None, Some(Language::AZ)]
                .into_iter()
                .map(|from| (from.unwrap_or(Language::EN), found(from).0[0].clone()))
                .collect(),
            reason: "a common noun".to_owned(),
            who: "me".to_owned(),
            date: now,
        };
        assert!(refuse(&mut memory, lead, Some(&refusal), now, "me").unwrap().is_some());
        assert_eq!(refuse(&mut memory, lead, Some(&refusal), now, "me").unwrap(), None);
        assert_eq!(refused(&memory.read().unwrap()).unwrap(), [refusal]);
        let (texts, refused_now, all_now) = found(None);
        assert!(!texts.contains(&"Border Guard".to_owned()), "{texts:?}");
        assert_eq!((refused_now, all_now), (1, all - 1));
        assert_eq!(found(Some(Language::AZ)).1, 1);
        assert!(refuse(&mut memory, (Language::EN, "BORDER guard"), None, now, "me").unwrap().is_some());
        assert!(found(None).0.contains(&"Border Guard".to_owned()));
    }
}
