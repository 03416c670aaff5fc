//! The texts of a release side by side, bead by bead, with what was found in them.

use crate::{
    app::{
        align,
        release::{self, Release},
        segmentation,
        sets::Set,
    },
    lang::Language,
    memory::{Memory, Reader},
    model::{Bitext, Kind, Segment, Unit, UnitId},
    report::Located,
    web::{error::WebError, findings::native, office::Office},
};
use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    ops::Range,
};

/// Beads on one page.
pub const PAGE: usize = 200;

/// A stretch of text: plain, or marked by a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    /// The number of the finding in the list, from 1, its class and its message.
    pub mark: Option<(usize, &'static str, String)>,
    /// The first piece of the finding.
    pub first: bool,
}

/// A bead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub number: usize,
    /// The unit it is.
    pub unit: Option<UnitId>,
    /// For each language of the release.
    pub cells: Vec<(Language, String, Vec<Piece>)>,
    pub footer: bool,
    /// It waits as pending.
    pub pending: bool,
}

/// The texts of a release: as the memory has them, else as its files are, aligned now.
pub fn of(office: &Office, reader: &Reader<'_>, name: &str, release: &Release) -> Result<Bitext, WebError> {
    if let Some(stored) = release::texts(reader, name)? {
        return Ok(stored);
    }
    let files: BTreeMap<Language, _> =
        release.sides.iter().filter_map(|(language, side)| Some((*language, side.file.clone()?.into()))).collect();
    let options = align::Options {
        segmenting: segmentation::Rules::new(&office.setup.segmenting).map_err(WebError::bad)?,
        concepts: office.concepts(reader)?.to_vec(),
        accept: office.setup.accept,
        ..align::Options::default()
    };
    let memory = Memory::open_existing(office.memory())?;
    let sets = vec![Set { name: name.to_owned(), files }];
    let (aligned, failed) = align::align_sets(sets, memory.as_ref(), &options, &crate::app::Unwatched)?;
    match (aligned.into_iter().next(), failed.into_iter().next()) {
        (Some(aligned), _) => Ok(aligned.bitext),
        (None, Some(error)) => Err(WebError::bad(error)),
        (None, None) => Ok(Bitext::default()),
    }
}

/// One page of beads from the `from`th on; how many there are in all.
pub fn rows(
    bitext: &Bitext,
    languages: &[Language],
    units: &[(UnitId, Unit)],
    found: &[Located],
    accept: f32,
    from: usize,
) -> (Vec<Row>, usize) {
    let mut numbers = by_texts(units);
    let marks = marks(bitext, found);
    let mut out = Vec::new();
    for (number, bead) in bitext.beads.iter().enumerate() {
        let filled: Vec<(Language, String)> = bead
            .sides
            .iter()
            .filter(|(_, side)| !side.is_empty())
            .map(|(language, _)| (*language, bitext.text(bead, *language)))
            .collect();
        let footer = bead.sides.iter().flat_map(|(language, side)| side.iter().map(move |at| (language, at))).all(
            |(language, at)| segment(bitext, *language, *at).is_some_and(|segment| segment.kind == Kind::Boilerplate),
        );
        let unit = if footer { None } else { numbers.get_mut(&filled).and_then(VecDeque::pop_front) };
        if number < from || number >= from + PAGE {
            continue;
        }
        let cell = |language: &Language| {
            let mut pieces = Vec::new();
            for at in bead.side(*language) {
                if let Some(segment) = segment(bitext, *language, *at) {
                    if !pieces.is_empty() {
                        pieces.push(Piece { text: " ".to_owned(), mark: None, first: false });
                    }
                    let own = marks.get(&(*language, *at)).map_or(&[][..], Vec::as_slice);
                    pieces.extend(marked(&segment.text, own, found));
                }
            }
            (*language, native(*language), pieces)
        };
        let cells = languages.iter().map(cell).collect();
        let pending = !footer && bead.filled() > 1 && bead.score < accept;
        out.push(Row { number: number + 1, unit, cells, footer, pending });
    }
    (out, bitext.beads.len())
}

fn segment(bitext: &Bitext, language: Language, at: usize) -> Option<&Segment> {
    bitext.texts.get(&language)?.get(at)
}

/// The units by what they say; of those that say the same the first stands first.
fn by_texts(units: &[(UnitId, Unit)]) -> HashMap<Vec<(Language, String)>, VecDeque<UnitId>> {
    let mut out: HashMap<Vec<(Language, String)>, VecDeque<UnitId>> = HashMap::new();
    for (id, unit) in units {
        let mut texts: Vec<(Language, String)> =
            unit.variants.iter().map(|variant| (variant.language, variant.text.clone())).collect();
        texts.sort();
        out.entry(texts).or_default().push_back(*id);
    }
    out
}

/// For each segment what is marked in it: where, and by which finding.
type Marks = BTreeMap<(Language, usize), Vec<(Range<usize>, usize)>>;

fn marks(bitext: &Bitext, found: &[Located]) -> Marks {
    let mut out = Marks::new();
    for (number, located) in found.iter().enumerate() {
        let language = located.finding.place.language;
        let segments = bitext.texts.get(&language).map_or(&[][..], Vec::as_slice);
        if let Some((at, range)) = place(located, segments) {
            out.entry((language, at)).or_default().push((range, number));
        }
    }
    out.values_mut().for_each(|marks| marks.sort_by_key(|(range, number)| (range.start, range.end, *number)));
    out
}

/// The segment a finding stands in and where: by its place where the text is the same as in the file it was found in,
/// else by its sentence.
fn place(located: &Located, segments: &[Segment]) -> Option<(usize, Range<usize>)> {
    let (start, end) = (located.byte_start, located.byte_end);
    let at = segments.partition_point(|segment| segment.span.end <= start);
    let same = |segment: &&Segment| {
        segment.span.start <= start && located.source.text.get(segment.span.range()) == Some(&segment.text)
    };
    if let Some(segment) = segments.get(at).filter(same) {
        return Some((at, start - segment.span.start..end.min(segment.span.end) - segment.span.start));
    }
    let sentence = located.sentence?;
    let text = located.sentence_text();
    let at = segments.iter().position(|segment| segment.text == text)?;
    Some((at, start - sentence.start..end.min(sentence.end) - sentence.start))
}

/// A segment in pieces. Of marks that share letters the narrowest is shown there.
fn marked(text: &str, marks: &[(Range<usize>, usize)], found: &[Located]) -> Vec<Piece> {
    let marks: Vec<_> = marks.iter().filter(|(range, _)| text.get(range.clone()).is_some()).collect();
    let mut ends: Vec<usize> = marks.iter().flat_map(|(range, _)| [range.start, range.end]).collect();
    ends.push(text.len());
    ends.sort_unstable();
    ends.dedup();
    let mut out = Vec::new();
    let mut at = 0;
    let mut begun = Vec::new();
    for end in ends {
        let over = marks.iter().filter(|(range, _)| range.start <= at && end <= range.end);
        let mark = over.min_by_key(|(range, _)| range.len()).map(|(_, number)| {
            let located = &found[*number];
            let class = if located.accepted.is_some() { "accepted" } else { located.finding.level.as_str() };
            (number + 1, class, located.finding.message.clone())
        });
        if at < end {
            let first = mark.as_ref().is_some_and(|(number, ..)| !begun.contains(number));
            begun.extend(mark.as_ref().map(|(number, ..)| *number));
            out.push(Piece { text: text[at..end].to_owned(), mark, first });
        }
        at = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{
        Unwatched,
        check::{Input, Job, check},
    };
    use crate::formats::glossary;
    use crate::model::{Bead, Mark, Variant};
    use crate::text::Span;

    const TEXT: &str = "News\n\nThe Milli Mejlis met. The Milli Mejlis sat.\n";

    fn found() -> Vec<Located> {
        let table = "concept\ten\ten_forbidden\np\tMilli Majlis\tMilli Mejlis\n";
        let concepts = glossary::read("g", table.as_bytes()).unwrap().concepts;
        let inputs = vec![Input::Typed([(Language::EN, TEXT.to_owned())].into())];
        check(Job { inputs, concepts, ..Job::default() }, &Unwatched).findings
    }

    /// The sentences as segments, `shift` bytes further on than in the text.
    fn bitext(shift: usize) -> Bitext {
        let of = |text: &str, kind: Kind| {
            let start = TEXT.find(text).unwrap() + shift;
            Segment { span: Span::new(start, start + text.len()), text: text.to_owned(), kind, paragraph: 1 }
        };
        let segments = vec![
            of("News", Kind::Heading),
            of("The Milli Mejlis met.", Kind::Body),
            of("The Milli Mejlis sat.", Kind::Body),
        ];
        let other = Segment { span: Span::new(0, 4), text: "Xəbər".into(), kind: Kind::Heading, paragraph: 1 };
        let bead = |en: Vec<usize>, az: Vec<usize>, score| Bead {
            sides: [(Language::EN, en), (Language::AZ, az)].into(),
            score,
            mark: Mark::Given,
        };
        let beads = vec![bead(vec![0], vec![0], 0.5), bead(vec![1, 2], vec![], 1.0)];
        Bitext { texts: [(Language::EN, segments), (Language::AZ, vec![other])].into(), beads }
    }

    fn shown(row: &Row, at: usize) -> String {
        let piece = |piece: &Piece| match &piece.mark {
            Some((number, class, _)) => format!("[{number} {class} {}]", piece.text),
            None => piece.text.clone(),
        };
        row.cells[at].2.iter().map(piece).collect()
    }

    #[test]
    fn findings_stand_in_the_texts() {
        let variants = vec![Variant::new(Language::EN, "News"), Variant::new(Language::AZ, "Xəbər")];
        let units = [(UnitId(7), Unit { variants, ..Unit::default() })];
        // In the place they were found, and by their sentences where the memory has another text before them.
        for shift in [0, 3] {
            let (rows, all) = rows(&bitext(shift), &[Language::EN, Language::AZ], &units, &found(), 0.9, 0);
            assert_eq!((rows.len(), all), (2, 2));
            assert_eq!((shown(&rows[0], 0), shown(&rows[0], 1)), ("News".into(), "Xəbər".into()));
            assert_eq!((rows[0].unit, rows[0].pending), (Some(UnitId(7)), true));
            let want = "The [1 error Milli Mejlis] met. The [2 error Milli Mejlis] sat.";
            assert_eq!((shown(&rows[1], 0).as_str(), shown(&rows[1], 1)), (want, String::new()));
            assert_eq!((rows[1].unit, rows[1].pending), (None, false));
        }
        let (rows, all) = rows(&bitext(0), &[Language::EN], &units, &[], 0.9, 1);
        assert_eq!((rows.len(), rows[0].number, all), (1, 2, 2));
    }

    #[test]
    fn of_marks_that_share_letters_the_narrowest_is_shown() {
        let found = found();
        let told = |marks: &[(Range<usize>, usize)]| -> Vec<(String, usize)> {
            let pieces = marked("abcdəf", marks, &found);
            pieces.into_iter().map(|piece| (piece.text, piece.mark.map_or(0, |mark| mark.0))).collect()
        };
        let want = |pieces: &[(&str, usize)]| -> Vec<(String, usize)> {
            pieces.iter().map(|(text, number)| (text.to_string(), *number)).collect()
        };
        assert_eq!(told(&[(0..7, 0), (1..3, 1)]), want(&[("a", 1), ("bc", 2), ("dəf", 1)]));
        // Past the text, or within a letter: no mark at all.
        assert_eq!(told(&[(2..9, 0), (3..5, 0), (1..2, 1)]), want(&[("a", 0), ("b", 2), ("cdəf", 0)]));
        assert_eq!(told(&[]), want(&[("abcdəf", 0)]));
    }
}
