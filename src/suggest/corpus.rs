//! The sentences to look through: words as numbers, side by side, a list a language.

use super::words::{Role, Roles};
use crate::{
    lang::{self, Language, forms},
    model::UnitId,
    terms::{Overlap, Termbase},
    text::{Span, TokenKind, normal, tokens},
};
use rustc_hash::FxHashMap;

/// What is known of a word at its place.
pub(super) mod flag {
    /// Something stands before the word that no term goes across: a stop, a number, the beginning of a text.
    pub const BREAK: u8 = 1;
    /// Begins a sentence, so that its capital says nothing.
    pub const INITIAL: u8 = 2;
    /// Belongs to a term of the glossary.
    pub const KNOWN: u8 = 4;
    /// Goes on with the term of the word before.
    pub const CONTINUES: u8 = 8;
    /// Stands alone in brackets.
    pub const BRACKETED: u8 = 16;
}

/// A word as it is written.
#[derive(Debug)]
pub(super) struct Surface {
    pub text: String,
    pub key: String,
    /// All forms of a word have one number.
    pub stem: u32,
    pub role: Role,
    pub capital: bool,
    pub acronym: bool,
    /// How often it stands in the texts.
    pub count: u32,
}

/// The texts of one language, one after the other.
#[derive(Debug)]
pub(super) struct Side {
    pub language: Language,
    /// By place: the number of the word as written.
    pub words: Vec<u32>,
    pub flags: Vec<u8>,
    /// By unit: where its text begins; one more at the end.
    pub starts: Vec<u32>,
    pub surfaces: Vec<Surface>,
    numbers: FxHashMap<String, u32>,
    pub stems: Vec<String>,
    stem_numbers: FxHashMap<String, u32>,
}

impl Side {
    fn new(language: Language) -> Side {
        Side {
            language,
            words: Vec::new(),
            flags: Vec::new(),
            starts: vec![0],
            surfaces: Vec::new(),
            numbers: FxHashMap::default(),
            stems: Vec::new(),
            stem_numbers: FxHashMap::default(),
        }
    }

    pub fn surface(&self, place: u32) -> &Surface {
        &self.surfaces[self.words[place as usize] as usize]
    }

    pub fn stem(&self, place: u32) -> u32 {
        self.surface(place).stem
    }

    /// The unit a place belongs to.
    pub fn unit(&self, place: u32) -> u32 {
        (self.starts.partition_point(|start| *start <= place) - 1) as u32
    }

    pub fn has(&self, unit: u32) -> bool {
        self.starts[unit as usize] < self.starts[unit as usize + 1]
    }

    /// The words of a text, as they are written somewhere in this side; those that stand nowhere are left out.
    pub fn words_of(&self, text: &str) -> Vec<u32> {
        let known = |word: &str| {
            let same = || self.surfaces.iter().position(|s| s.key == self.language.key(word)).map(|at| at as u32);
            self.numbers.get(word).copied().or_else(same)
        };
        text.split_whitespace().filter_map(known).collect()
    }

    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let key = self.language.key(text);
        let acronym = forms::is_acronym(text);
        // The letters of an acronym are a word of their own: `US` is not `us`.
        let stem = if acronym {
            format!("={}", normal::normal(text))
        } else {
            let mut parts = key.split('-').map(|part| lang::stem(self.language, part));
            let first = parts.next().unwrap_or_default();
            let stem = parts.fold(first, |stem, part| stem + "-" + &part);
            settled(self.language, &key, stem)
        };
        let role = if acronym { Role::Word } else { Roles::of(self.language).role(&key) };
        let next = self.stems.len() as u32;
        let stem = *self.stem_numbers.entry(stem).or_insert_with_key(|stem| {
            self.stems.push(stem.clone());
            next
        });
        let capital = text.chars().next().is_some_and(char::is_uppercase);
        let number = self.surfaces.len() as u32;
        self.surfaces.push(Surface { text: text.to_owned(), key, stem, role, capital, acronym, count: 0 });
        self.numbers.insert(text.to_owned(), number);
        number
    }

    fn add(&mut self, read: Option<(String, Vec<Piece>)>) {
        for piece in read.iter().flat_map(|(_, pieces)| pieces) {
            let text = &read.as_ref().map_or("", |(text, _)| text)[piece.span.range()];
            let number = self.number(text);
            self.surfaces[number as usize].count += 1;
            self.words.push(number);
            self.flags.push(piece.flags);
        }
        self.starts.push(self.words.len() as u32);
    }
}

/// Ends of stems whose vowel falls away in other forms: as it stands there.
const FLEETING: &[(Language, &str, &str)] = &[
    (Language::RU, "ец", "ц"), // иностранец, иностранца
    (Language::RU, "ок", "к"), // участок, участка
    (Language::RU, "ек", "к"), // человечек, человечка
];

/// Letters below which a stem tells words apart no longer where many endings may follow one another: then the first
/// letters of the word stand for it, the last of them as it is at the end of a word.
const SHORT: &[Short] = &[Short {
    language: Language::AZ,
    least: 4,
    alternations: &[('ğ', 'q'), ('y', 'k')], // Qəbələ is not qəbul; uşağı, uşaq
}];

struct Short {
    language: Language,
    least: usize,
    alternations: &'static [(char, char)],
}

fn settled(language: Language, key: &str, stem: String) -> String {
    let letters = stem.chars().count();
    if let Some(Short { least, alternations, .. }) = SHORT.iter().find(|short| short.language == language)
        && letters < *least
        && key.chars().count() >= *least
    {
        let mut first: String = key.chars().take(*least).collect();
        let last = first.pop().unwrap_or_default();
        first.push(alternations.iter().find(|(met, _)| *met == last).map_or(last, |(_, usual)| *usual));
        return first;
    }
    let end = FLEETING.iter().find(|(of, whole, _)| *of == language && stem.ends_with(whole));
    match end {
        Some((_, whole, left)) if letters > 4 => format!("{}{left}", &stem[..stem.len() - whole.len()]),
        _ => stem,
    }
}

/// A word of a text.
#[derive(Debug)]
struct Piece {
    span: Span,
    flags: u8,
}

/// Where a term of the glossary stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit {
    pub concept: u32,
    pub unit: u32,
    /// Into the languages of the corpus.
    pub side: u8,
    pub term: u32,
}

/// A unit taken apart.
#[derive(Debug)]
pub struct Read {
    sides: Vec<Option<(String, Vec<Piece>)>>,
    /// Side, concept, term.
    hits: Vec<(u8, u32, u32)>,
}

/// Units of two or more languages to look for terms in.
#[derive(Debug)]
pub struct Corpus {
    pub(super) termbase: Termbase,
    pub(super) sides: Vec<Side>,
    pub(super) units: Vec<UnitId>,
    /// By unit: the document it stands in.
    pub(super) documents: Vec<u32>,
    document_numbers: FxHashMap<String, u32>,
    pub(super) hits: Vec<Hit>,
}

impl Corpus {
    /// For units in `languages`, the first of which leads; the terms of `termbase` are known already.
    pub fn new(languages: &[Language], termbase: Termbase) -> Corpus {
        Corpus {
            termbase,
            sides: languages.iter().map(|language| Side::new(*language)).collect(),
            units: Vec::new(),
            documents: Vec::new(),
            document_numbers: FxHashMap::default(),
            hits: Vec::new(),
        }
    }

    /// Takes the texts of a unit apart; languages the corpus is not about are passed over, and so are alternatives.
    pub fn read<'t>(&self, texts: impl IntoIterator<Item = (Language, &'t str)>) -> Read {
        let mut out = Read { sides: self.sides.iter().map(|_| None).collect(), hits: Vec::new() };
        for (language, text) in texts {
            let Some(at) = self.sides.iter().position(|side| side.language == language) else { continue };
            if out.sides[at].is_some() {
                continue;
            }
            let mut pieces = pieces(language, text);
            for found in self.termbase.find(language, text, Overlap::Longest) {
                out.hits.push((at as u8, found.concept as u32, found.term as u32));
                let from = pieces.partition_point(|piece| piece.span.end <= found.span.start);
                let inside = pieces[from..].iter_mut().take_while(|piece| piece.span.start < found.span.end);
                for (number, piece) in inside.enumerate() {
                    piece.flags |= flag::KNOWN | if number > 0 { flag::CONTINUES } else { 0 };
                }
            }
            out.sides[at] = Some((text.to_owned(), pieces));
        }
        out
    }

    pub fn add(&mut self, unit: UnitId, document: &str, read: Read) {
        let number = self.units.len() as u32;
        let next = self.document_numbers.len() as u32;
        let document = match self.document_numbers.get(document) {
            Some(known) => *known,
            None => *self.document_numbers.entry(document.to_owned()).or_insert(next),
        };
        self.units.push(unit);
        self.documents.push(document);
        for (side, read) in self.sides.iter_mut().zip(read.sides) {
            side.add(read);
        }
        let mut hits: Vec<Hit> =
            read.hits.into_iter().map(|(side, concept, term)| Hit { concept, unit: number, side, term }).collect();
        hits.sort_unstable();
        hits.dedup();
        self.hits.extend(hits);
    }

    pub fn len(&self) -> usize {
        self.units.len()
    }

    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

/// The words of a text, compounds whole (`law-enforcement`), without endings that stand apart (`DMX-nin`, `Trump'ın`).
fn pieces(language: Language, text: &str) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let (mut broken, mut initial, mut short) = (true, true, false);
    let mut bracket: Option<usize> = None;
    // The end of the last word or number, where nothing has come after it.
    let mut open: Option<usize> = None;
    let mut after_number = false;
    let mut hyphen: Option<usize> = None;
    for token in tokens(text) {
        let (span, word) = (token.span, token.text(text));
        if text[out.last().map_or(0, |last| last.span.end)..span.start].contains('\n') {
            (broken, initial) = (true, true);
        }
        match token.kind {
            TokenKind::Word => {
                let cut = word.char_indices().skip(2).find(|(_, c)| is_apostrophe(*c)).map_or(word.len(), |(at, _)| at);
                let own = Span::new(span.start, span.start + cut);
                let joined = hyphen == Some(span.start);
                hyphen = None;
                short = word.chars().count() <= 3 && word.starts_with(char::is_uppercase);
                match out.last_mut() {
                    // The ending of a number: `2016-cı`.
                    _ if joined && after_number => broken = true,
                    Some(last) if joined => {
                        // After an acronym a word in small letters is its ending; after a name, what is one.
                        let mut read = Vec::new();
                        if !forms::is_acronym(last.span.of(text)) {
                            forms::read_apart(language, &language.key(word), &mut read);
                        }
                        let ending = forms::is_acronym(last.span.of(text)) || !read.is_empty();
                        if !(ending && word.starts_with(char::is_lowercase)) {
                            last.span.end = own.end;
                        }
                    }
                    _ if word.chars().any(char::is_numeric) => broken = true,
                    _ => {
                        let flags = if broken { flag::BREAK } else { 0 } | if initial { flag::INITIAL } else { 0 };
                        out.push(Piece { span: own, flags });
                        (broken, initial) = (false, false);
                    }
                }
                (open, after_number) = (Some(span.end), false);
                if cut < word.len() && language == Language::EN && !word[cut..].chars().skip(1).eq(['s']) {
                    broken = true;
                }
            }
            TokenKind::Number => {
                (broken, initial, short, hyphen) = (true, false, false, None);
                (open, after_number) = (Some(span.end), true);
            }
            TokenKind::Punctuation => {
                let first = word.chars().next().unwrap_or_default();
                let dash = normal::folded(first) == Some('-');
                if dash && open == Some(span.start) && text[span.end..].starts_with(char::is_alphabetic) {
                    hyphen = Some(span.end);
                    continue;
                }
                match first {
                    '.' => initial |= !short,
                    '!' | '?' | '…' | ':' | '•' | '*' | '"' | '“' | '«' | '„' => initial = true,
                    '(' => bracket = Some(out.len()),
                    ')' => {
                        if let Some(from) = bracket.take()
                            && from + 1 == out.len()
                            && let Some(only) = out.last_mut()
                        {
                            only.flags |= flag::BRACKETED;
                        }
                    }
                    _ => {}
                }
                (broken, open) = (true, None);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(language: Language, text: &str) -> Vec<String> {
        let sign = |flags: u8| {
            let has = |of: u8, sign| if flags & of > 0 { sign } else { "" };
            [has(flag::BREAK, "|"), has(flag::INITIAL, "^"), has(flag::BRACKETED, "()")].concat()
        };
        pieces(language, text).iter().map(|p| sign(p.flags) + p.span.of(text)).collect()
    }

    #[test]
    fn words_are_whole_and_breaks_are_seen() {
        assert_eq!(
            shown(Language::EN, "The law-enforcement bodies, 14 of them, met. State Migration Service (SMS) won’t."),
            [
                "|^The",
                "law-enforcement",
                "bodies",
                "|of",
                "them",
                "|met",
                "|^State",
                "Migration",
                "Service",
                "|()SMS",
                "|won"
            ]
        );
        assert_eq!(
            shown(Language::AZ, "DMX-nin 2016-cı ildə Əliyev'in qonağı"),
            ["|^DMX", "|ildə", "Əliyev", "qonağı"]
        );
        assert_eq!(shown(Language::RU, "колл-центр\nСлужбы"), ["|^колл-центр", "|^Службы"]);
        assert!(pieces(Language::EN, "…12% — (").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken_apart(text in "([a-zəА-я]|[0-9]|[ .,'’()\n-]|\\PC){0,40}") {
            for language in [Language::EN, Language::AZ, Language::RU] {
                for piece in pieces(language, &text) {
                    proptest::prop_assert!(text.get(piece.span.range()).is_some_and(|word| !word.is_empty()));
                }
            }
        }
    }
}
