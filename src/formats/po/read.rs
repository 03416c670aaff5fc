use super::{
    ESCAPES, EXTRACTED, FLAGS, FORM, ISOLATE, MSGID, MSGID_PLURAL, PLURAL_FORMS, PREVIOUS, Plural, REFERENCES,
    plural::MAX_FORMS,
};
use crate::{
    formats::{Each, FormatError, Item, LOST, MAX_SEGMENT, Source, shortened, source::Fault, table::guess_told},
    lang::Language,
    model::{Context, Note, Prop, State, Unit, Variant},
};

/// Reads a PO file, entry by entry. `from` is the language of its sources; without it, what the header says
/// (`X-Source-Language`, in few files), else English. `to` is that of its translations where the header does not tell.
///
/// # Errors
/// A line that belongs to no PO file, or a target language nobody tells. A lenient source passes over such a line.
pub fn read(
    mut source: Source<'_>,
    from: Option<Language>,
    to: Option<Language>,
    each: &mut Each<'_>,
) -> Result<(), FormatError> {
    if let Some(encoding) = source.guessed() {
        each(Item::warning(1, guess_told(encoding))).map_err(FormatError::Stopped)?;
    }
    let lenient = source.lenient;
    let mut po = Po { from, to, header: Header::default(), entry: Entry::default(), field: None };
    let (mut buffer, mut at, mut number, mut ended) = (String::new(), 0, 1, false);
    let mut hand_over = |item: Item| each(item).map_err(FormatError::Stopped);
    loop {
        let line = match buffer[at..].find('\n') {
            Some(found) => &buffer[at..at + found],
            None if ended => &buffer[at..],
            None => {
                buffer.drain(..at);
                at = 0;
                let broken = |what: String| FormatError::Broken { line: number, column: 1, what };
                // A segment of quotes alone is twice as long when written.
                if buffer.len() > 4 * MAX_SEGMENT {
                    return Err(broken("a line of more than 4 MiB".to_owned()));
                }
                let more = source.more(&mut buffer);
                ended = !more.map_err(|fault| match fault {
                    Fault::Io(error) => FormatError::Io(error),
                    Fault::TooLong => FormatError::Unsuitable(fault.to_string()),
                    fault => FormatError::Broken {
                        line: number + buffer.matches('\n').count(),
                        column: buffer[buffer.rfind('\n').map_or(0, |n| n + 1)..].chars().count() + 1,
                        what: fault.to_string(),
                    },
                })?;
                continue;
            }
        };
        match po.line(line.trim(), number) {
            Ok(items) => items.into_iter().try_for_each(&mut hand_over)?,
            Err(what) if lenient => hand_over(Item::skipped(number, what))?,
            Err(what) => return Err(FormatError::Broken { line: number, column: 1, what }),
        }
        let end = at + line.len();
        if end == buffer.len() {
            let last = po.flush().map_err(|what| FormatError::Broken { line: number, column: 1, what })?;
            return last.into_iter().try_for_each(hand_over);
        }
        at = end + 1;
        number += 1;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Context,
    Id,
    Plural,
    /// `msgstr`, or `msgstr[n]`.
    Text(usize),
    /// Of `#|`, by its place in [`PREVIOUS`].
    Previous(usize),
}

#[derive(Default)]
struct Entry {
    line: usize,
    context: Option<String>,
    id: Option<String>,
    plural: Option<String>,
    texts: Vec<String>,
    /// Of translators, and of the program's authors.
    notes: [Option<String>; 2],
    references: Vec<String>,
    flags: Vec<String>,
    previous: [Option<String>; 3],
    fuzzy: bool,
    obsolete: bool,
    /// The translation of an obsolete entry has begun: the next `msgid` is another's.
    obsolete_text: bool,
}

/// What the header entry says.
#[derive(Default)]
struct Header {
    source: Option<Language>,
    target: Option<Language>,
    plural: Option<Plural>,
}

struct Po {
    from: Option<Language>,
    to: Option<Language>,
    header: Header,
    entry: Entry,
    field: Option<Field>,
}

impl Po {
    /// Takes in one line; gives what the entry before it came to, where the line begins another.
    fn line(&mut self, line: &str, number: usize) -> Result<Vec<Item>, String> {
        let entry = &self.entry;
        let begins = match line.strip_prefix("#~") {
            Some(rest) => {
                let text = rest.trim_start();
                !entry.texts.is_empty()
                    || (entry.obsolete_text && !text.starts_with(['"']) && !text.starts_with("msgstr"))
            }
            None => {
                let keyword = line.starts_with("msgctxt") || (line.starts_with("msgid") && !line.starts_with("msgid_"));
                let complete = !entry.texts.is_empty() || entry.obsolete;
                complete && (line.is_empty() || line.starts_with('#') || keyword)
            }
        };
        let out = if begins { self.flush()? } else { Vec::new() };
        if line.is_empty() {
            return Ok(out);
        }
        if self.entry.line == 0 {
            self.entry.line = number;
        }
        match line.strip_prefix('#') {
            Some(comment) => self.comment(comment),
            None => self.text(line, false)?,
        }
        Ok(out)
    }

    /// A comment behind its `#`.
    fn comment(&mut self, comment: &str) {
        let entry = &mut self.entry;
        let mut chars = comment.chars();
        let sign = chars.next();
        let rest = chars.as_str();
        match sign {
            Some('~') => {
                entry.obsolete = true;
                entry.obsolete_text |= rest.trim_start().starts_with("msgstr");
            }
            Some(',' | '=') => {
                for flag in rest.split(',').map(str::trim).filter(|flag| !flag.is_empty()) {
                    match flag {
                        "fuzzy" => entry.fuzzy = true,
                        flag => entry.flags.push(flag.to_owned()),
                    }
                }
            }
            Some(':') => entry.references.extend(Some(rest.trim().to_owned()).filter(|line| !line.is_empty())),
            // A comment: nothing else suffers where it is not sound.
            Some('|') => drop(self.text(rest.trim(), true)),
            Some('.') => note(&mut entry.notes[1], rest),
            _ => note(&mut entry.notes[0], comment),
        }
    }

    /// A keyword with its text, or one more line of the text before.
    fn text(&mut self, line: &str, previous: bool) -> Result<(), String> {
        let (keyword, text) = line.split_at(line.find('"').unwrap_or(line.len()));
        match keyword.trim_end() {
            "" => {}
            keyword => self.field = Some(field(keyword, previous)?),
        }
        let text = unquoted(text)?;
        let entry = &mut self.entry;
        let field = match self.field.ok_or("a text that belongs to no keyword")? {
            Field::Context => entry.context.get_or_insert_default(),
            Field::Id => entry.id.get_or_insert_default(),
            Field::Plural => entry.plural.get_or_insert_default(),
            Field::Previous(n) => entry.previous[n].get_or_insert_default(),
            Field::Text(n) => {
                entry.texts.resize_with(entry.texts.len().max(n + 1), String::new);
                &mut entry.texts[n]
            }
        };
        // Longer than any segment is long enough to be refused.
        if field.len() <= MAX_SEGMENT {
            field.push_str(&text);
        }
        Ok(())
    }

    /// What the entry in hand comes to.
    fn flush(&mut self) -> Result<Vec<Item>, String> {
        let entry = std::mem::take(&mut self.entry);
        self.field = None;
        let skipped = |what: &str| Ok(vec![Item::skipped(entry.line, what)]);
        if entry.obsolete {
            return skipped("an obsolete entry");
        }
        let Some(id) = &entry.id else {
            return if entry.texts.is_empty() { Ok(Vec::new()) } else { skipped("a translation without `msgid`") };
        };
        if id.is_empty() && entry.context.is_none() {
            self.header = Header::of(entry.texts.first().map_or("", String::as_str));
            return Ok(Vec::new());
        }
        let source = self.from.or(self.header.source).unwrap_or(Language::EN);
        let target = self.header.target.or(self.to);
        let target = target.ok_or("the header entry names no `Language`: say with `--to` what it is")?;
        if entry.texts.iter().all(|text| text.trim().is_empty()) || id.trim().is_empty() {
            return skipped("an entry without translation");
        }
        let mut out = Vec::new();
        if entry.fuzzy {
            out.push(Item::warning(entry.line, "a fuzzy entry is stored as pending"));
        }
        let Some(plural) = &entry.plural else {
            out.push(unit(&entry, (source, id), (target, &entry.texts[0]), Vec::new()));
            return Ok(out);
        };
        let usual = Plural::of(target);
        let rule = self.header.plural.as_ref().unwrap_or(&usual);
        let forms = entry.texts.len();
        if self.header.plural.is_some() && forms != rule.count {
            let what = format!("{forms} plural forms where the header's `Plural-Forms` has {}", rule.count);
            out.push(Item::warning(entry.line, what));
        }
        let prop = |kind: &str, value: String| Prop { kind: kind.to_owned(), attributes: Vec::new(), value };
        let own = (!rule.same(&usual)).then(|| prop(PLURAL_FORMS, rule.to_string()));
        for (n, text) in entry.texts.iter().enumerate() {
            if text.trim().is_empty() {
                out.push(Item::skipped(entry.line, format!("the plural form {n} without translation")));
                continue;
            }
            let form = || std::iter::once(prop(FORM, n.to_string())).chain(own.clone());
            // A language with one form has it for one and for many.
            if n == rule.singular() {
                let props = form().chain([prop(MSGID_PLURAL, plural.clone())]).collect();
                out.push(unit(&entry, (source, id), (target, text), props));
            }
            if n != rule.singular() || rule.count == 1 {
                let props = form().chain([prop(MSGID, id.clone())]).collect();
                out.push(unit(&entry, (source, plural), (target, text), props));
            }
        }
        Ok(out)
    }
}

impl Header {
    fn of(text: &str) -> Header {
        let value = |name: &str| {
            let mut lines = text.lines().filter_map(|line| line.split_once(':'));
            lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
        };
        Header {
            source: value("X-Source-Language").and_then(language),
            target: value("Language").and_then(language),
            plural: value("Plural-Forms").and_then(Plural::parse),
        }
    }
}

/// The language of a locale's name: `ru_RU`, `sr@latin`.
fn language(locale: &str) -> Option<Language> {
    let (name, variant) = locale.split_once('@').unwrap_or((locale, ""));
    let script = match variant.to_ascii_lowercase().as_str() {
        "latin" | "latn" => "-Latn",
        "cyrillic" | "cyrl" => "-Cyrl",
        _ => "",
    };
    format!("{}{script}", name.split('.').next().unwrap_or(name)).parse().ok()
}

fn field(keyword: &str, previous: bool) -> Result<Field, String> {
    if previous {
        let found = PREVIOUS.iter().position(|(name, _)| *name == keyword);
        return found.map(Field::Previous).ok_or_else(String::new);
    }
    Ok(match keyword {
        "msgctxt" => Field::Context,
        "msgid" => Field::Id,
        "msgid_plural" => Field::Plural,
        "msgstr" => Field::Text(0),
        _ => {
            let index = keyword.strip_prefix("msgstr[").and_then(|rest| rest.strip_suffix(']'));
            let index = index.and_then(|n| n.trim().parse().ok()).filter(|n| *n < MAX_FORMS);
            Field::Text(index.ok_or_else(|| format!("`{}` belongs to no PO file", shortened(keyword)))?)
        }
    })
}

/// One more line of a note.
fn note(note: &mut Option<String>, line: &str) {
    let line = line.strip_prefix(' ').unwrap_or(line);
    match note {
        Some(note) if note.len() < MAX_SEGMENT => {
            note.push('\n');
            note.push_str(line);
        }
        Some(_) => {}
        None => *note = Some(line.to_owned()),
    }
}

/// The unit of a text and its translation, with all the entry says.
fn unit(entry: &Entry, source: (Language, &String), target: (Language, &String), mut props: Vec<Prop>) -> Item {
    if source.1.len().max(target.1.len()) > MAX_SEGMENT {
        return Item::skipped(entry.line, "a segment longer than 1 MiB");
    }
    if source.1.trim().is_empty() || target.1.trim().is_empty() {
        return Item::skipped(entry.line, "an entry without translation");
    }
    if [source.1, target.1].iter().any(|text| text.contains(char::REPLACEMENT_CHARACTER)) {
        return Item::skipped(entry.line, LOST);
    }
    let lines = entry.references.join("\n");
    let document = first_reference(&lines);
    let references = Some(lines.as_str())
        .filter(|lines| document.as_deref().is_some_and(|first| first != lines.replace(ISOLATE, "")));
    let flags = (!entry.flags.is_empty()).then(|| entry.flags.join(", "));
    let said = [(REFERENCES, references), (FLAGS, flags.as_deref())];
    let previous = PREVIOUS.iter().zip(&entry.previous).map(|((_, kind), text)| (*kind, text.as_deref()));
    for (kind, value) in said.into_iter().chain(previous) {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            props.push(Prop { kind: kind.to_owned(), attributes: Vec::new(), value: value.to_owned() });
        }
    }
    let notes = entry.notes.iter().enumerate().filter_map(|(n, note)| {
        let text = note.as_deref()?.trim_matches('\n');
        let from = (n == 1).then(|| ("from".to_owned(), EXTRACTED.to_owned()));
        (!text.trim().is_empty()).then(|| Note { attributes: from.into_iter().collect(), text: text.to_owned() })
    });
    Item::Unit(Unit {
        variants: vec![Variant::new(source.0, source.1.clone()), Variant::new(target.0, target.1.clone())],
        state: if entry.fuzzy { State::Pending } else { State::Imported },
        context: Context { id: entry.context.clone(), document, ..Context::default() },
        notes: notes.collect(),
        props,
        ..Unit::default()
    })
}

/// The first place in lines of references; a name with spaces stands between isolates.
fn first_reference(lines: &str) -> Option<String> {
    let mut inside = false;
    let end = lines.find(|c: char| {
        inside = (inside || c == ISOLATE[0]) && c != ISOLATE[1];
        !inside && c.is_whitespace()
    });
    let first = lines[..end.unwrap_or(lines.len())].replace(ISOLATE, "");
    Some(first).filter(|first| !first.trim().is_empty())
}

/// The text of a quoted line.
fn unquoted(text: &str) -> Result<String, String> {
    let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let inner = inner.ok_or_else(|| format!("a text in quotes is due: `{}`", shortened(text)))?;
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let sign = chars.next().ok_or("a backslash at the end of a text")?;
                let known = ESCAPES.iter().find(|(known, _)| *known == sign);
                // Characters by their number, and of control: no text holds them.
                out.push(known.map_or(char::REPLACEMENT_CHARACTER, |(_, c)| *c));
            }
            '"' => return Err("a quote inside a text: it must be written `\\\"`".to_owned()),
            c => out.push(c),
        }
    }
    Ok(out)
}
