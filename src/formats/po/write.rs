use super::{
    ESCAPES, EXTRACTED, FLAGS, FORM, ISOLATE, MSGID, MSGID_PLURAL, PLURAL_FORMS, PREVIOUS, Plural, REFERENCES,
    plural::MAX_FORMS,
};
use crate::{
    formats::source::legal,
    lang::Language,
    model::{Note, State, Unit},
};
use jiff::Timestamp;
use std::{
    collections::HashMap,
    io::{self, Write},
};

/// Writes a catalogue of one pair of languages, when all is known of it: a unit may belong to an entry before.
///
/// Inline codes are left out. An entry has one translation: of several, that of the highest state stays, and of those the
/// first.
pub struct Writer<W: Write> {
    to: W,
    source: Language,
    target: Language,
    now: Timestamp,
    entries: Vec<Entry>,
    /// By `msgctxt` and `msgid`, which tell entries apart.
    known: HashMap<(Option<String>, String), usize>,
    left_out: usize,
}

struct Entry {
    context: Option<String>,
    id: String,
    plural: Option<String>,
    /// By the `n` of `msgstr[n]`.
    forms: Vec<Option<Form>>,
    /// The rule its forms are counted by, where its file had one of its own.
    rule: Option<String>,
    notes: [Vec<String>; 2],
    references: String,
    flags: String,
    previous: [Option<String>; 3],
}

struct Form {
    text: String,
    state: State,
}

impl<W: Write> Writer<W> {
    pub fn new(to: W, source: Language, target: Language, now: Timestamp) -> Writer<W> {
        Writer { to, source, target, now, entries: Vec::new(), known: HashMap::new(), left_out: 0 }
    }

    pub fn unit(&mut self, unit: &Unit) {
        let side = |language: Language| unit.variants.iter().filter(move |v| v.language == language);
        let Some(source) = side(self.source).next().filter(|source| !source.text.is_empty()) else { return };
        for target in side(self.target).filter(|target| !target.text.is_empty()) {
            let (mut entry, n) = entry(unit, &source.text);
            let form = Form { text: target.text.clone(), state: unit.state };
            let key = (entry.context.clone(), entry.id.clone());
            let Some(known) = self.known.get(&key).map(|at| &mut self.entries[*at]) else {
                entry.put(n, form);
                self.known.insert(key, self.entries.len());
                self.entries.push(entry);
                continue;
            };
            let alike = known.plural.is_some() == entry.plural.is_some();
            match known.forms.get_mut(n).and_then(Option::as_mut) {
                None if alike => known.put(n, form),
                Some(there) if there.text == form.text => there.state = there.state.max(form.state),
                Some(there) if alike && there.state < form.state => {
                    *there = form;
                    self.left_out += 1;
                }
                _ => self.left_out += 1,
            }
        }
    }

    /// Tells how many translations had no place, since their entries have others.
    pub fn finish(mut self) -> io::Result<usize> {
        let rule = self.rule();
        self.header(&rule)?;
        let mut out = String::new();
        for entry in &self.entries {
            out.clear();
            self.left_out +=
                entry.forms.iter().skip(rule.count).flatten().count() * usize::from(entry.plural.is_some());
            entry.write(&rule, &mut out);
            self.to.write_all(out.as_bytes())?;
        }
        self.to.flush()?;
        Ok(self.left_out)
    }

    /// The rule of most entries with plural forms.
    fn rule(&self) -> Plural {
        let mut counts: Vec<(Option<&str>, usize)> = Vec::new();
        for rule in self.entries.iter().filter(|entry| entry.plural.is_some()).map(|entry| entry.rule.as_deref()) {
            match counts.iter_mut().find(|(known, _)| *known == rule) {
                Some((_, count)) => *count += 1,
                None => counts.push((rule, 1)),
            }
        }
        let most = counts.into_iter().rev().max_by_key(|(_, count)| *count).and_then(|(rule, _)| rule);
        most.and_then(Plural::parse).unwrap_or_else(|| Plural::of(self.target))
    }

    /// All fields that `msgfmt --check` asks for.
    fn header(&mut self, rule: &Plural) -> io::Result<()> {
        let version = env!("CARGO_PKG_VERSION");
        let locale = self.target.as_str().replace('-', "_");
        let date = self.now.strftime("%Y-%m-%d %H:%M+0000");
        let fields = [
            ("Project-Id-Version", format!("yaddash {version}")),
            ("PO-Revision-Date", date.to_string()),
            ("Last-Translator", String::new()),
            ("Language-Team", String::new()),
            ("Language", locale),
            ("MIME-Version", "1.0".to_owned()),
            ("Content-Type", "text/plain; charset=UTF-8".to_owned()),
            ("Content-Transfer-Encoding", "8bit".to_owned()),
            ("Plural-Forms", rule.to_string()),
            ("X-Source-Language", self.source.to_string()),
            ("X-Generator", format!("yaddash {version}")),
        ];
        let lines: String = fields.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        let mut out = String::from("msgid \"\"\n");
        text("msgstr", &lines, &mut out);
        self.to.write_all(out.as_bytes())
    }
}

/// What a unit says of its entry, without its translation, and which form that is.
fn entry(unit: &Unit, source: &str) -> (Entry, usize) {
    let prop = |kind: &str| unit.props.iter().find(|prop| prop.kind == kind).map(|prop| prop.value.clone());
    let (id, plural) = match (prop(MSGID), prop(MSGID_PLURAL)) {
        (Some(id), _) if !id.is_empty() => (id, Some(source.to_owned())),
        (_, plural) => (source.to_owned(), plural),
    };
    let form = prop(FORM).and_then(|n| n.parse().ok()).filter(|n| plural.is_some() && *n < MAX_FORMS);
    let is_extracted = |note: &Note| note.attributes.iter().any(|(name, from)| name == "from" && from == EXTRACTED);
    let notes = |extracted: bool| {
        unit.notes.iter().filter(|note| is_extracted(note) == extracted).map(|note| note.text.clone()).collect()
    };
    let references = || {
        let document = unit.context.document.as_deref()?.replace(ISOLATE, "");
        let [open, close] = ISOLATE;
        Some(if document.contains(char::is_whitespace) { format!("{open}{document}{close}") } else { document })
    };
    let entry = Entry {
        context: unit.context.id.clone(),
        id,
        plural,
        forms: Vec::new(),
        rule: prop(PLURAL_FORMS),
        notes: [notes(false), notes(true)],
        references: prop(REFERENCES).or_else(references).unwrap_or_default(),
        flags: prop(FLAGS).unwrap_or_default(),
        previous: PREVIOUS.map(|(_, kind)| prop(kind)),
    };
    (entry, form.unwrap_or(0))
}

impl Entry {
    fn put(&mut self, n: usize, form: Form) {
        self.forms.resize_with(self.forms.len().max(n + 1), || None);
        self.forms[n] = Some(form);
    }

    fn write(&self, rule: &Plural, out: &mut String) {
        let count = if self.plural.is_some() { rule.count } else { 1 };
        let form = |n: usize| self.forms.get(n).and_then(Option::as_ref);
        out.push('\n');
        for (sign, notes) in [("#", &self.notes[0]), ("#.", &self.notes[1])] {
            notes.iter().flat_map(|note| note.split('\n')).for_each(|line| comment(sign, line, out));
        }
        self.references.lines().for_each(|line| comment("#:", line, out));
        let fuzzy = (0..count).any(|n| form(n).is_none_or(|form| form.state == State::Pending)) || self.is_uneven();
        let flags: Vec<&str> = fuzzy.then_some("fuzzy").into_iter().chain(self.flags.split(", ")).collect();
        let flags: Vec<&str> = flags.into_iter().filter(|flag| !flag.is_empty()).collect();
        if !flags.is_empty() {
            comment("#,", &flags.join(", "), out);
        }
        let mut lines = String::new();
        for ((keyword, _), was) in PREVIOUS.iter().zip(&self.previous) {
            was.iter().for_each(|was| text(keyword, was, &mut lines));
        }
        lines.lines().for_each(|line| comment("#|", line, out));
        self.context.iter().for_each(|context| text("msgctxt", context, out));
        text("msgid", &self.id, out);
        let Some(plural) = &self.plural else { return text("msgstr", form(0).map_or("", |form| &form.text), out) };
        text("msgid_plural", plural, out);
        (0..count).for_each(|n| text(&format!("msgstr[{n}]"), form(n).map_or("", |form| &form.text), out));
    }

    /// Line ends at the beginning or end of the source and not of the translation: `msgfmt --check` refuses that of
    /// what is not fuzzy.
    fn is_uneven(&self) -> bool {
        let ends = |text: &str| (text.starts_with('\n'), text.ends_with('\n'));
        let others = self.forms.iter().flatten().map(|form| &form.text).chain(&self.plural);
        others.into_iter().any(|text| ends(text) != ends(&self.id))
    }
}

fn comment(sign: &str, line: &str, out: &mut String) {
    let line: String = line.trim_end().chars().filter(|c| legal(*c) && *c != '\r').collect();
    out.push_str(sign);
    if !line.is_empty() {
        out.push(' ');
        out.push_str(&line);
    }
    out.push('\n');
}

/// A keyword with its text, a line for each line of that.
fn text(keyword: &str, text: &str, out: &mut String) {
    out.push_str(keyword);
    let several = text.trim_end_matches('\n').contains('\n');
    if several {
        out.push_str(" \"\"\n");
    }
    let mut any = false;
    for line in text.split_inclusive('\n') {
        out.push_str(if several { "\"" } else { " \"" });
        for c in line.chars().filter(|c| legal(*c)) {
            match ESCAPES.iter().find(|(_, meant)| *meant == c) {
                Some((sign, _)) => out.extend(['\\', *sign]),
                None => out.push(c),
            }
        }
        out.push_str("\"\n");
        any = true;
    }
    if !any {
        out.push_str(" \"\"\n");
    }
}
