//! PO of GNU gettext, in: what is translated becomes units; fuzzy entries are pending, obsolete and untranslated
//! ones are named and passed over. `msgctxt` and the places of `#:` go to the context.

use super::{Each, FormatError, Item, LOST, MAX_SEGMENT, Source, source::Fault};
use crate::{
    lang::Language,
    model::{Context, Note, State, Unit, Variant},
};

/// Reads a PO file, entry by entry. The source language is the one given: PO does not tell it.
///
/// # Errors
/// A line that belongs to no PO file, or a header without `Language`. A lenient source passes over such a line.
pub fn read(mut source: Source<'_>, from: Language, each: &mut Each<'_>) -> Result<(), FormatError> {
    let lenient = source.lenient;
    let mut po = Po { from, target: None, entry: Entry::default(), field: None };
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
                if buffer.len() > 2 * MAX_SEGMENT {
                    return Err(broken("a line of more than 2 MiB".to_owned()));
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
}

#[derive(Default)]
struct Entry {
    line: usize,
    context: Option<String>,
    id: Option<String>,
    plural: Option<String>,
    texts: Vec<String>,
    notes: Vec<String>,
    place: Option<String>,
    fuzzy: bool,
    obsolete: bool,
}

struct Po {
    from: Language,
    target: Option<Language>,
    entry: Entry,
    field: Option<Field>,
}

impl Po {
    /// Takes in one line; gives what the entry before it came to, where the line begins another.
    fn line(&mut self, line: &str, number: usize) -> Result<Vec<Item>, String> {
        let begins = line.starts_with('#') || line.starts_with("msgctxt") || line.starts_with("msgid ");
        let complete = !self.entry.texts.is_empty() || self.entry.obsolete;
        let out = if complete && (begins || line.is_empty()) && !(self.entry.obsolete && line.starts_with("#~")) {
            self.flush()?
        } else {
            Vec::new()
        };
        if line.is_empty() {
            return Ok(out);
        }
        if self.entry.line == 0 {
            self.entry.line = number;
        }
        if let Some(comment) = line.strip_prefix('#') {
            match comment.chars().next() {
                Some('~') => self.entry.obsolete = true,
                Some(',') => self.entry.fuzzy |= comment[1..].split(',').any(|flag| flag.trim() == "fuzzy"),
                Some(':') => {
                    self.entry.place = self.entry.place.take().or_else(|| Some(comment[1..].trim().to_owned()))
                }
                Some('|') => {}
                _ => {
                    let note = comment.trim_start_matches('.').trim();
                    if !note.is_empty() {
                        self.entry.notes.push(note.to_owned());
                    }
                }
            }
            return Ok(out);
        }
        let text = if line.starts_with('"') {
            line
        } else {
            let (keyword, text) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            self.field = Some(match keyword {
                "msgctxt" => Field::Context,
                "msgid" => Field::Id,
                "msgid_plural" => Field::Plural,
                "msgstr" => Field::Text(0),
                _ => {
                    let index = keyword.strip_prefix("msgstr[").and_then(|rest| rest.strip_suffix(']'));
                    let index = index.and_then(|n| n.parse().ok()).filter(|n| *n < 16);
                    Field::Text(index.ok_or_else(|| format!("`{}` belongs to no PO file", super::shortened(keyword)))?)
                }
            });
            text.trim()
        };
        let text = unquoted(text)?;
        let entry = &mut self.entry;
        let field = match self.field.ok_or("a text that belongs to no keyword")? {
            Field::Context => entry.context.get_or_insert_default(),
            Field::Id => entry.id.get_or_insert_default(),
            Field::Plural => entry.plural.get_or_insert_default(),
            Field::Text(n) => {
                entry.texts.resize_with(entry.texts.len().max(n + 1), String::new);
                &mut entry.texts[n]
            }
        };
        // Longer than any segment is long enough to be refused.
        if field.len() <= MAX_SEGMENT {
            field.push_str(&text);
        }
        Ok(out)
    }

    /// What the entry in hand comes to.
    fn flush(&mut self) -> Result<Vec<Item>, String> {
        let entry = std::mem::take(&mut self.entry);
        self.field = None;
        let skipped = |what: &str| Ok(vec![Item::skipped(entry.line, what)]);
        if entry.obsolete {
            return skipped("an obsolete entry");
        }
        let Some(id) = entry.id else { return Ok(Vec::new()) };
        if id.is_empty() && entry.context.is_none() {
            self.target = entry.texts.first().and_then(|header| language(header));
            return Ok(Vec::new());
        }
        let target = self.target.ok_or("the header entry names no `Language`")?;
        // One and many: the first form stands for the singular, the last one for the plural.
        let mut pairs = vec![(id, entry.texts.first().cloned().unwrap_or_default())];
        if let Some(plural) = entry.plural.filter(|plural| *plural != pairs[0].0) {
            pairs.push((plural, entry.texts.last().cloned().unwrap_or_default()));
        }
        let mut out = Vec::new();
        for (source, text) in pairs {
            if text.trim().is_empty() || source.trim().is_empty() {
                out.push(Item::skipped(entry.line, "an entry without translation"));
            } else if source.len().max(text.len()) > MAX_SEGMENT {
                out.push(Item::skipped(entry.line, "a segment longer than 1 MiB"));
            } else if [&source, &text].iter().any(|t| t.contains(char::REPLACEMENT_CHARACTER)) {
                out.push(Item::skipped(entry.line, LOST));
            } else {
                if entry.fuzzy {
                    out.push(Item::warning(entry.line, "a fuzzy entry is stored as pending"));
                }
                out.push(Item::Unit(Unit {
                    variants: vec![Variant::new(self.from, source), Variant::new(target, text)],
                    state: if entry.fuzzy { State::Pending } else { State::Imported },
                    context: Context { id: entry.context.clone(), document: entry.place.clone(), ..Context::default() },
                    notes: entry.notes.iter().map(|n| Note { attributes: Vec::new(), text: n.clone() }).collect(),
                    ..Unit::default()
                }));
            }
        }
        Ok(out)
    }
}

/// The language the header entry names.
fn language(header: &str) -> Option<Language> {
    let line = header.lines().find_map(|line| line.strip_prefix("Language:"))?;
    line.trim().parse().ok()
}

/// The text of a quoted line.
fn unquoted(text: &str) -> Result<String, String> {
    let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let inner = inner.ok_or_else(|| format!("a text in quotes is due: `{}`", super::shortened(text)))?;
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => {}
                Some(c) => out.push(c),
                None => return Err("a backslash at the end of a text".to_owned()),
            },
            '"' => return Err("a quote inside a text: it must be written `\\\"`".to_owned()),
            c => out.push(c),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::open;

    fn items(text: &str) -> Result<Vec<Item>, String> {
        let mut out = Vec::new();
        read(open(text.as_bytes()).unwrap().source()?, Language::EN, &mut |item| {
            out.push(item);
            Ok(())
        })
        .map_err(|error| error.to_string())?;
        Ok(out)
    }

    const HEADER: &str = "msgid \"\"\nmsgstr \"\"\n\"Language: az\\n\"\n\n";

    #[test]
    fn entries_of_all_kinds() {
        let body = "# for editors\n#: a.c:7\nmsgctxt \"menu\"\nmsgid \"\"\n\"Open \"\n\"\\\"it\\\"\"\nmsgstr \"Aç\"\n\
                    #, c-format, fuzzy\nmsgid \"Two\"\nmsgstr \"Bir\"\n\n#~ msgid \"Old\"\n#~ msgstr \"Köhnə\"\n\n\
                    msgid \"Empty\"\nmsgstr \"\"\n\nmsgid \"%d file\"\nmsgid_plural \"%d files\"\nmsgstr[0] \"%d fayl\"";
        let items = items(&format!("{HEADER}{body}")).unwrap();
        let shown: Vec<String> = items
            .iter()
            .map(|item| match item {
                Item::Unit(u) => format!("{}|{}|{}", u.variants[0].text, u.variants[1].text, u.state.as_str()),
                Item::Skipped(r) | Item::Warning(r) => format!("{}: {}", r.line, r.what),
                Item::Concept(_) => unreachable!("a PO has no concepts"),
            })
            .collect();
        assert_eq!(
            shown,
            [
                "Open \"it\"|Aç|imported",
                "12: a fuzzy entry is stored as pending",
                "Two|Bir|pending",
                "16: an obsolete entry",
                "19: an entry without translation",
                "%d file|%d fayl|imported",
                "%d files|%d fayl|imported"
            ]
        );
        let Item::Unit(first) = &items[0] else { panic!("{items:?}") };
        assert_eq!((first.context.id.as_deref(), first.context.document.as_deref()), (Some("menu"), Some("a.c:7")));
        assert_eq!(first.notes[0].text, "for editors");
    }

    #[test]
    fn faults_have_their_line() {
        assert_eq!(
            items(&format!("{HEADER}msgid \"a\nmsgstr \"b\"\n")).unwrap_err(),
            "5:1: a text in quotes is due: `\"a`"
        );
        assert_eq!(items(&format!("{HEADER}message \"a\"\n")).unwrap_err(), "5:1: `message` belongs to no PO file");
        assert_eq!(items("msgid \"a\"\nmsgstr \"b\"\n").unwrap_err(), "3:1: the header entry names no `Language`");
    }
}
