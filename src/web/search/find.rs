//! What a question finds: matches with what differs, where they are from; lines.

use super::{STEPS, Wanted, form_of, state_word};
use crate::{
    app::{self, lookup::Views},
    concordance::{Form, Line, Pattern, PatternError},
    lang::{self, Language},
    lookup::{Match, MatchKind, Options, Query, Score},
    memory::Filter,
    model::{Provenance, State},
    web::{
        error::WebError,
        marked::{Piece, marked},
        office::Office,
        units::state_of,
    },
};
use std::cmp::Reverse;

/// Matches shown.
const MATCHES: usize = 9;
/// Translations that a key copies.
const KEYS: usize = 9;
/// Bytes of a query: a longer one is a document.
const LONGEST: usize = 10_000;

/// What is looked for.
pub(super) struct Question {
    pub text: String,
    from: Option<Language>,
    to: Option<Language>,
    form: Form,
    min: Score,
    /// `None`: all units but pending ones.
    only: Option<Filter>,
    pending: bool,
    lines: usize,
    aligned: bool,
}

/// A field that names a language, or is left open.
pub(in crate::web) fn language_of(field: &str) -> Result<Option<Language>, WebError> {
    let language = Some(field.trim()).filter(|field| !field.is_empty()).map(str::parse);
    language.transpose().map_err(|error| WebError::bad(format!("`{field}`: {error}")))
}

/// A field that holds a date, or is left open.
pub(in crate::web) fn date_of(field: &str) -> Result<Option<jiff::Timestamp>, WebError> {
    let date = Some(field.trim()).filter(|field| !field.is_empty()).map(app::date);
    date.transpose().map_err(|error| WebError::bad(format!("`{field}`: {error}")))
}

/// A field that holds text, or is left open.
pub(in crate::web) fn text_of(field: &str) -> Option<String> {
    Some(field.trim()).filter(|field| !field.is_empty()).map(str::to_owned)
}

impl Question {
    pub fn of(wanted: &Wanted) -> Result<Question, WebError> {
        if wanted.q.len() > LONGEST {
            return Err(WebError::TooLarge);
        }
        let min = if wanted.min.trim().is_empty() { super::LEAST } else { wanted.min.trim() };
        let min = min.parse::<f64>().ok().filter(|min| (0.0..=102.0).contains(min));
        let min = min.ok_or_else(|| WebError::bad(format!("`{}` is no percentage from 0 to 102", wanted.min)))?;
        let state = match wanted.state.as_str() {
            "all" => None,
            other => state_of(other)?,
        };
        let (since, origin) = (date_of(&wanted.since)?, text_of(&wanted.origin));
        let only = (since.is_some() || origin.is_some() || state.is_some()).then(|| Filter {
            since,
            origin,
            state,
            ..Filter::all()
        });
        let asked = wanted.n.parse().unwrap_or(STEPS[0]);
        Ok(Question {
            text: wanted.q.trim().to_owned(),
            from: language_of(&wanted.from)?,
            to: language_of(&wanted.to)?,
            form: form_of(&wanted.form)?,
            min: Score::from_percent(min),
            only,
            pending: wanted.state == "all" || state == Some(State::Pending),
            lines: STEPS.iter().copied().find(|step| *step >= asked).unwrap_or(STEPS[STEPS.len() - 1]),
            aligned: wanted.view == "aligned",
        })
    }

    pub fn pattern(&self) -> Result<Pattern, PatternError> {
        let pattern = Pattern::new(&self.text, self.form, self.from, self.pending)?;
        Ok(Pattern { only: self.only.clone(), ..pattern })
    }

    /// The languages the text may be in: the one chosen, the one that its letters and words tell, else those that
    /// have all its letters.
    fn sources(&self, known: &[Language]) -> Vec<Language> {
        if let Some(language) = self.from.or_else(|| lang::guess(&self.text).filter(|guess| known.contains(guess))) {
            return vec![language];
        }
        let lower: Vec<char> = self.text.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect();
        let fits =
            |language: &&Language| language.row().is_none_or(|row| lower.iter().all(|c| row.letters.contains(*c)));
        let all: Vec<Language> = known.iter().filter(fits).copied().collect();
        if all.is_empty() { known.to_vec() } else { all }
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    pub asked: bool,
    /// Why there are no lines, where the text is no expression.
    pub wrong: Option<String>,
    /// The language the text was taken to be in, where nobody said.
    pub guessed: Option<Language>,
    pub matches: Vec<Shown>,
    pub lines: Vec<Row>,
    pub aligned: bool,
    /// How many lines to ask for to see more.
    pub more: Option<usize>,
    /// There are more than are shown, and no more are.
    pub cut: bool,
    pub save: String,
}

/// A match with what differs from the query, and where it is from.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    pub found: Match,
    pub from: Language,
    pub pieces: Vec<Piece>,
    pub targets: Vec<Offered>,
    pub kind: &'static str,
    pub state: &'static str,
    pub date: Option<String>,
    pub provenance: &'static str,
    /// The word of what was done to it, and by whom.
    pub done: Option<(&'static str, String)>,
    /// The set of a release it belongs to.
    pub set: Option<String>,
    /// Another memory than the one pages are about.
    pub memory: Option<String>,
}

/// A translation that is offered.
#[derive(Debug, Clone)]
pub(super) struct Offered {
    pub language: Language,
    pub text: String,
    /// Of one that was repaired: what was put in for what.
    pub pieces: Vec<Piece>,
    pub repaired: bool,
    /// The key that copies it.
    pub key: Option<usize>,
}

#[derive(Debug, Clone)]
pub(super) struct Row {
    pub line: Line,
    /// Of another memory: its units have no page here.
    pub memory: Option<String>,
}

fn kind_word(kind: MatchKind) -> &'static str {
    match kind {
        MatchKind::Assembled => "search.kind-assembled",
        MatchKind::Fragment => "search.kind-fragment",
        MatchKind::Reordered => "search.kind-reordered",
        MatchKind::Fuzzy => "search.kind-fuzzy",
        MatchKind::Number => "search.kind-number",
        MatchKind::Near => "search.kind-near",
        MatchKind::Exact => "search.kind-exact",
        MatchKind::Context => "search.kind-context",
    }
}

pub(super) fn find(office: &Office, views: &Views<'_>, question: &Question) -> Result<Found, WebError> {
    let known = views.first().map(|reader| reader.languages()).transpose()?.unwrap_or_default();
    let mut found = Found { asked: true, aligned: question.aligned, ..Found::default() };
    matches(office, views, question, &known, &mut found)?;
    let pattern = match question.pattern() {
        Ok(pattern) => pattern,
        Err(error) => {
            found.wrong = Some(error.to_string());
            return Ok(found);
        }
    };
    let mut lines = views.concordance(&pattern, question.lines + 1)?;
    if lines.len() > question.lines {
        lines.truncate(question.lines);
        found.more = STEPS.iter().copied().find(|step| *step > question.lines);
        found.cut = found.more.is_none();
    }
    let name = |memory: usize| named(office, memory);
    found.lines = lines.into_iter().map(|(memory, line)| Row { line, memory: name(memory) }).collect();
    Ok(found)
}

/// The name of a memory that pages are not about.
fn named(office: &Office, memory: usize) -> Option<String> {
    let path = &office.setup.memories.get(memory).filter(|_| memory > 0)?.path;
    Some(path.file_stem().unwrap_or_default().to_string_lossy().into_owned())
}

fn matches(
    office: &Office,
    views: &Views<'_>,
    question: &Question,
    known: &[Language],
    found: &mut Found,
) -> Result<(), WebError> {
    // A pattern is no text that somebody translates.
    if question.form == Form::Regex {
        return Ok(());
    }
    let sources = question.sources(known);
    if let ([one], None) = (&sources[..], question.from) {
        found.guessed = Some(*one);
    }
    let query = Query::from(question.text.as_str());
    let mut all: Vec<(Language, Match)> = Vec::new();
    for from in sources {
        let others = known.iter().copied().filter(|language| *language != from);
        let to: Vec<Language> = others.filter(|language| question.to.is_none_or(|to| to == *language)).collect();
        if to.is_empty() {
            continue;
        }
        let options =
            Options { from, to, min: question.min, max: MATCHES, pending: question.pending, penalties: Vec::new() };
        let matches = views.matches(options, question.only.as_ref(), &query)?;
        all.extend(matches.into_iter().map(|found| (from, found)));
    }
    all.sort_by_key(|(_, found)| {
        let labelled = matches!(found.kind, MatchKind::Assembled | MatchKind::Fragment | MatchKind::Reordered);
        (labelled, Reverse(found.score), Reverse(found.kind))
    });
    all.truncate(MATCHES + 2);
    let mut key = 0;
    for (from, matched) in all {
        found.matches.push(shown(office, views, &question.text, (from, matched), &mut key)?);
    }
    Ok(())
}

fn shown(
    office: &Office,
    views: &Views<'_>,
    query: &str,
    (from, found): (Language, Match),
    key: &mut usize,
) -> Result<Shown, WebError> {
    // What stood there before numbers were put in.
    let stored = match found.targets.iter().any(|target| target.repaired) {
        true => views.unit(&found, found.unit)?,
        false => None,
    };
    let targets = found.targets.iter().map(|target| {
        *key += 1;
        let variants = stored.iter().flat_map(|unit| &unit.variants).filter(|v| v.language == target.language);
        // Of alternatives the one that was repaired is the nearest.
        let before = variants.min_by_key(|variant| crate::lookup::score::characters(&variant.text, &target.text));
        let pieces = match before.filter(|_| target.repaired) {
            Some(before) => marked(&before.text, &target.text),
            None => vec![Piece { kind: "same", text: target.text.clone() }],
        };
        Offered {
            language: target.language,
            text: target.text.clone(),
            pieces,
            repaired: target.repaired,
            key: Some(*key).filter(|key| *key <= KEYS),
        }
    });
    let targets = targets.collect();
    let done = match (found.state, found.provenance) {
        (State::Approved, _) => Some("search.approved-by"),
        (_, Provenance::Import) => Some("search.imported-by"),
        (_, Provenance::Edit) => Some("search.written-by"),
        (_, Provenance::Release) => None,
    };
    let done = match done {
        Some(word) => views.batch_of(&found)?.filter(|batch| !batch.who.is_empty()).map(|batch| (word, batch.who)),
        None => None,
    };
    let memory = named(office, found.memory);
    let set = match (&memory, views.first()) {
        (None, Some(reader)) => reader.set_of(found.unit)?,
        _ => None,
    };
    Ok(Shown {
        from,
        pieces: marked(query, &found.source),
        targets,
        kind: kind_word(found.kind),
        state: state_word(&found.state),
        date: found.date.map(|date| date.strftime("%F").to_string()),
        provenance: match found.provenance {
            Provenance::Release => "search.from-release",
            Provenance::Import => "search.from-import",
            Provenance::Edit => "search.from-edit",
        },
        done,
        set,
        memory,
        found,
    })
}

impl Shown {
    /// The class of its percentage.
    pub fn grade(&self) -> &'static str {
        match self.found.score {
            score if score >= Score::EXACT => "good",
            score if score >= Score::SAME_WORDS => "",
            _ => "warn",
        }
    }

    /// Further places of the same texts.
    pub fn elsewhere(&self) -> usize {
        self.found.places.len().saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(text: &str, from: &str) -> Question {
        Question::of(&Wanted { q: text.into(), from: from.into(), ..Wanted::default() }).unwrap()
    }

    #[test]
    fn the_language_is_told_by_words_else_by_letters() {
        let known = [Language::EN, Language::AZ, Language::RU];
        for (text, from, languages) in [
            ("The service was opened in the city.", "", vec![Language::EN]),
            ("Xidmət şəhərdə yeni mərkəz açıb.", "", vec![Language::AZ]),
            ("офис", "", vec![Language::RU]),
            ("ofis", "", vec![Language::EN, Language::AZ]),
            ("window", "", vec![Language::EN]),
            ("2024", "", known.to_vec()),
            ("ελληνικά", "", known.to_vec()),
            ("ofis", "az", vec![Language::AZ]),
        ] {
            assert_eq!(question(text, from).sources(&known), languages, "{text}");
        }
    }

    #[test]
    fn what_is_no_question_is_refused_in_words() {
        let refused = |wanted: Wanted| Question::of(&wanted).err().expect("refused");
        let wanted = |change: fn(&mut Wanted)| {
            let mut wanted = Wanted { q: "x".into(), ..Wanted::default() };
            change(&mut wanted);
            wanted
        };
        for (wrong, part) in [
            (wanted(|w| w.min = "200".into()), "`200` is no percentage"),
            (wanted(|w| w.min = "NaN".into()), "`NaN` is no percentage"),
            (wanted(|w| w.since = "yesterday".into()), "`yesterday`: a date is written"),
            (wanted(|w| w.from = "no language".into()), "`no language`"),
            (wanted(|w| w.form = "magic".into()), "`magic`"),
            (wanted(|w| w.state = "odd".into()), "`odd`"),
        ] {
            let WebError::Bad(text) = refused(wrong) else { panic!("{part}") };
            assert!(text.contains(part), "{text}");
        }
        assert_eq!(refused(wanted(|w| w.q = "x".repeat(LONGEST + 1))), WebError::TooLarge);
        // Numbers of lines are steps, whatever is asked for.
        for (n, lines) in [("", 30), ("31", 100), ("999999999999999999999", 30), ("100000", 300), ("-1", 30)] {
            let asked = Question::of(&Wanted { q: "x".into(), n: n.into(), ..Wanted::default() }).unwrap();
            assert_eq!(asked.lines, lines, "{n}");
        }
    }
}
