//! What else is wrong with a text or a translation, beyond terms, names and letters: a file a kind.
//!
//! | a text by itself | its words | [`words`], [`doubled`] |
//! |---|---|---|
//! | | its marks and capitals | [`marks`], [`sentences`] |
//! | | its abbreviations | [`acronyms`] |
//! | texts side by side | passages without counterpart | [`passages`] |
//! | | what both must say | [`numbers`], [`links`], [`codes`] |
//! | | whether it is a translation | [`untranslated`] |
//! | many texts | one source, several targets | [`consistency`] |
//!
//! A finding on a sound text costs more than a slip another reader finds: what is not sure is `info` at most.
//! `docs/checks.md` tells how often each rule was right on published news.

mod acronyms;
mod codes;
mod consistency;
mod doubled;
mod links;
mod marks;
mod numbers;
mod passages;
mod rows;
mod sentences;
mod untranslated;
mod words;

pub use codes::Codes;
pub use consistency::Translations;
pub use words::{Dictionaries, Frequencies};

use crate::{
    lang::Language,
    model::{Bead, Bitext, Finding, Kind, Level, Mark, Rule, Segment},
    rules::{self, RuleSet},
    text::{Span, quoted},
};
use std::{cell::OnceCell, collections::BTreeMap};

/// Texts that belong together, as they are checked.
pub struct Subject<'s> {
    /// What the places of the segments are places in.
    pub texts: BTreeMap<Language, &'s str>,
    pub bitext: &'s Bitext,
    /// The inline codes of the segments, where the file has any.
    pub codes: &'s Codes,
}

/// What the texts that are checked together tell of one another.
#[derive(Debug, Default)]
pub struct Shared {
    pub translations: Translations,
    pub frequencies: Frequencies,
    pub dictionaries: Dictionaries,
}

/// Applies the rules asked for to `subject`. Findings come rule by rule.
pub fn check(subject: &Subject<'_>, shared: &Shared, rules: &RuleSet) -> Vec<Finding> {
    let mut out = Vec::new();
    for text in subject.each_text() {
        doubled::findings(&text, rules, &mut out);
        marks::findings(&text, rules, &mut out);
        sentences::findings(&text, rules, &mut out);
        acronyms::findings(&text, rules, &mut out);
        words::findings(&text, shared, rules, &mut out);
    }
    let pairs = subject.pairs(rules);
    numbers::findings(&pairs, rules, &mut out);
    for pair in pairs {
        links::findings(&pair, rules, &mut out);
        untranslated::findings(&pair, rules, &mut out);
        marks::pair_findings(&pair, rules, &mut out);
        sentences::pair_findings(&pair, rules, &mut out);
        passages::findings(&pair, rules, &mut out);
        codes::findings(&pair, subject.codes, rules, &mut out);
        consistency::findings(&pair, &shared.translations, rules, &mut out);
    }
    out
}

impl<'s> Subject<'s> {
    /// The segments follow one another, as sentences do; those of a table, a bilingual file or the memory do not.
    fn runs_on(&self) -> bool {
        self.bitext.beads.iter().all(|bead| bead.mark != Mark::Given)
    }

    fn each_text(&self) -> impl Iterator<Item = Text<'s>> + '_ {
        self.bitext.texts.keys().filter_map(|language| self.text(*language))
    }

    fn text(&self, language: Language) -> Option<Text<'s>> {
        let segments = self.bitext.texts.get(&language)?;
        Some(Text { language, text: self.texts.get(&language)?, segments, runs_on: self.runs_on() })
    }

    /// The source with each of the other languages.
    fn pairs(&self, rules: &RuleSet) -> Vec<Pair<'s>> {
        let languages = self.bitext.texts.keys().copied();
        let source = rules.source_among(languages.clone()).and_then(|source| self.text(source));
        let Some(source) = source else { return Vec::new() };
        let others = languages.filter(|language| *language != source.language).filter_map(|l| self.text(l));
        others.map(|target| Pair { source, target, beads: &self.bitext.beads }).collect()
    }
}

/// A text in one language.
#[derive(Clone, Copy)]
struct Text<'s> {
    language: Language,
    text: &'s str,
    segments: &'s [Segment],
    runs_on: bool,
}

impl<'s> Text<'s> {
    /// The paragraphs that are running text, as runs of their segments; each segment is one where none runs on.
    fn paragraphs(&self) -> impl Iterator<Item = &'s [Segment]> + '_ {
        let together = |a: &Segment, b: &Segment| self.runs_on && a.paragraph == b.paragraph;
        self.segments.chunk_by(together).filter(|part| part[0].kind != Kind::Boilerplate)
    }

    fn finding(&self, rule: Rule, span: Span, message: String) -> Finding {
        Finding::new(rule, rules::level(rule), self.language, span, message)
    }
}

/// The quotations of a segment, looked for when first asked.
struct Quoted<'s> {
    segment: &'s Segment,
    quotations: OnceCell<Vec<Span>>,
}

impl<'s> Quoted<'s> {
    fn new(segment: &'s Segment) -> Quoted<'s> {
        Quoted { segment, quotations: OnceCell::new() }
    }

    /// The finding a step lower where it stands in somebody else's words: house style is not theirs.
    fn lowered(&self, mut finding: Finding) -> Finding {
        let start = self.segment.span.start;
        let quotations = self.quotations.get_or_init(|| {
            let all = quoted::quotations(&self.segment.text);
            all.into_iter().map(|quotation| quotation.shifted(start)).collect()
        });
        // In order, and none in another.
        let at = quotations.partition_point(|quotation| quotation.end < finding.place.span.end);
        let inside = quotations.get(at).is_some_and(|quotation| quotation.contains(finding.place.span));
        if self.segment.kind == Kind::Quote || inside {
            finding.level = Level::Info;
            finding.notes.push("it stands in a quotation".to_owned());
        }
        finding
    }
}

/// A source and its translation into one language.
struct Pair<'s> {
    source: Text<'s>,
    target: Text<'s>,
    beads: &'s [Bead],
}

/// Bytes of a side of a bead; what is longer is a document and not compared sentence by sentence.
const LONGEST: usize = 1 << 14;

/// How sure the aligner must be of a bead whose sides are held against each other.
const SURE: f32 = 0.8;

impl<'s> Pair<'s> {
    /// Beads with text on both sides of which the aligner is sure, with their numbers.
    fn matched(&self) -> impl Iterator<Item = (usize, [Vec<&'s Segment>; 2])> + '_ {
        self.beads.iter().enumerate().filter(|(_, bead)| bead.score >= SURE).filter_map(|(number, bead)| {
            let sides = [&self.source, &self.target].map(|text| text.side(bead));
            sides.iter().all(|side| !side.is_empty() && stretch(side).len() <= LONGEST).then_some((number, sides))
        })
    }
}

impl<'s> Text<'s> {
    fn side(&self, bead: &Bead) -> Vec<&'s Segment> {
        bead.side(self.language).iter().filter_map(|at| self.segments.get(*at)).collect()
    }
}

/// The stretch from the first of `segments` to the last.
fn stretch(segments: &[&Segment]) -> Span {
    let start = segments.first().map_or(0, |segment| segment.span.start);
    Span::new(start, segments.last().map_or(start, |segment| segment.span.end))
}

/// The beginning of a text, for a message.
fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "'");
    match line.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", line[..at].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Bead;
    use proptest::prelude::*;

    /// Texts of one segment a line, an empty line parts paragraphs, a line in brackets is a heading.
    pub(super) fn segments(text: &str) -> Vec<Segment> {
        let (mut at, mut paragraph, mut out) = (0, 1, Vec::new());
        for line in text.split('\n') {
            let start = at;
            at += line.len() + 1;
            if line.is_empty() {
                paragraph += 1;
                continue;
            }
            let kind = if line.starts_with('[') { Kind::Heading } else { Kind::Body };
            out.push(Segment { span: Span::new(start, start + line.len()), text: line.to_owned(), kind, paragraph });
        }
        out
    }

    /// Rule, level, marked text and message of what is found in texts that answer one another line by line.
    pub(super) fn told(texts: &[(Language, &str)], mark: Mark) -> Vec<(Rule, Level, String, String)> {
        let bodies: BTreeMap<Language, &str> = texts.iter().copied().collect();
        let texts: BTreeMap<Language, Vec<Segment>> = bodies.iter().map(|(l, text)| (*l, segments(text))).collect();
        let most = texts.values().map(Vec::len).max().unwrap_or(0);
        let bead = |at: usize| {
            let sides = texts.iter().filter(|(_, all)| at < all.len()).map(|(language, _)| (*language, vec![at]));
            Bead { sides: sides.collect(), score: 1.0, mark }
        };
        let bitext = Bitext { beads: (0..most).map(bead).collect(), texts };
        let mut shared = Shared::default();
        shared.translations.add(&bitext);
        shared.frequencies.add(&bitext);
        let subject = Subject { texts: bodies.clone(), bitext: &bitext, codes: &Codes::new() };
        let found = check(&subject, &shared, &RuleSet::new(&[], &[Rule::AcronymUnused], &[]));
        let surface = |f: &Finding| f.place.span.of(bodies[&f.place.language]).to_owned();
        found.into_iter().map(|f| (f.rule, f.level, surface(&f), f.message)).collect()
    }

    /// The marked texts of one rule.
    pub(super) fn marked(rule: Rule, texts: &[(Language, &str)], mark: Mark) -> Vec<String> {
        told(texts, mark).into_iter().filter(|found| found.0 == rule).map(|found| found.2).collect()
    }

    const EN: Language = Language::EN;
    const AZ: Language = Language::AZ;
    const RU: Language = Language::RU;

    #[test]
    fn words_twice_in_a_row() {
        let of = |language, text| marked(Rule::DoubledWord, &[(language, text)], Mark::Computed);
        assert_eq!(of(EN, "A meeting of the the council."), ["the the"]);
        assert_eq!(of(AZ, "Qanun və və qərar."), ["və və"]);
        for fine in ["They had had enough.", "Duran Duran came.", "well, well", "the, the", "5 5", "that that was"] {
            assert_eq!(of(EN, fine), [""; 0], "{fine}");
        }
        let quoted = "He wrote: “we have seen the the end of it all”.";
        assert_eq!(told(&[(EN, quoted)], Mark::Computed)[0].1, Level::Info);
    }

    #[test]
    fn marks_have_partners() {
        let of = |language, text| marked(Rule::UnbalancedMarks, &[(language, text)], Mark::Computed);
        assert_eq!(of(EN, "He said: “It goes on."), ["“"]);
        assert_eq!(of(RU, "Он сказал: «Так и будет."), ["«"]);
        assert_eq!(of(EN, "The law (of 2018 was changed."), ["("]);
        assert_eq!(of(AZ, "O dedi: \"Belə olacaq”."), ["”"]);
        for fine in [
            "“He said “yes” and “no” too.”",
            "a) one, b) two, 1.2) three :)",
            "He said, \"It is \"done,\"\" and left.",
            "«Он сказал „да“ и „нет“»",
            "“First paragraph.\n\n“Second paragraph.\n\nAnd the last.”",
            "a screen of 17\" and more",
        ] {
            assert_eq!(of(EN, fine), [""; 0], "{fine}");
        }
    }

    #[test]
    fn quotations_have_one_style() {
        let of = |language, text| marked(Rule::QuoteStyle, &[(language, text)], Mark::Computed);
        assert_eq!(of(AZ, "“bir” və “iki” və \"üç\"."), ["\"üç\""]);
        assert_eq!(of(RU, "«один „два“» и “три”."), ["“три”"]);
        assert_eq!(of(EN, "“one “two” three”"), [""; 0]);
    }

    #[test]
    fn sentences_begin_and_end() {
        let text = "The first one ended here.\n\nthe second one began with a small letter.\n\nThe third one has no \
                    end that one could see\n\nThe fourth one ended as it should.\n\nThe fifth one ended as well.";
        assert_eq!(marked(Rule::LeadingCapital, &[(EN, text)], Mark::Computed), ["the"]);
        assert_eq!(marked(Rule::FinalPunctuation, &[(EN, text)], Mark::Computed), ["see"]);
        let pair = [(EN, "The work was finished."), (AZ, "iş başa çatdı bu gün")];
        assert_eq!(marked(Rule::LeadingCapital, &pair, Mark::Given), ["iş"]);
        assert_eq!(marked(Rule::FinalPunctuation, &pair, Mark::Given), ["gün"]);
    }

    #[test]
    fn abbreviations_are_introduced_once_and_before_they_are_used() {
        let of = |text: &str| {
            let found = told(&[(EN, text)], Mark::Computed);
            found.into_iter().map(|found| (found.0, found.1, found.2)).collect::<Vec<_>>()
        };
        let one = |rule, level, text: &str| vec![(rule, level, text.to_owned())];
        let early = "The ILO met.\nThe International Labour Organization (ILO) said so.";
        assert_eq!(of(early), one(Rule::AcronymUndefined, Level::Info, "ILO"));
        let twice = "The Legal Aid Centre (LAC) met.\nThe LAC is the Local Aid Centre (LAC).";
        assert_eq!(of(twice), one(Rule::AcronymRedefined, Level::Warning, "LAC"));
        let again = "The Legal Aid Centre (LAC) met.\nThe Legal Aid Centre (LAC) said so.";
        assert_eq!(of(again), one(Rule::AcronymRedefined, Level::Info, "LAC"));
        assert_eq!(of("The Legal Aid Centre (LAC) met."), one(Rule::AcronymUnused, Level::Info, "LAC"));
        let fine = "The Ministry of Internal Affairs (MIA) met.\nThe MIA said so to the Agency (ASAN).";
        assert_eq!(of(fine), []);
    }

    #[test]
    fn passages_are_left_out_and_added() {
        let bitext = |sides: &[(&[usize], &[usize])], en: &str, az: &str| {
            let beads = sides.iter().map(|(en, az)| Bead {
                sides: [(EN, en.to_vec()), (AZ, az.to_vec())].into(),
                score: 1.0,
                mark: Mark::Computed,
            });
            Bitext { beads: beads.collect(), texts: [(EN, segments(en)), (AZ, segments(az))].into() }
        };
        let en = "The first sentence stands here.\nThe second sentence is left out.\nSo is the third of them.\nThe fourth one stays.\nThe fifth one stays too.\nThe sixth one stays as well.";
        let az = "Birinci cümlə buradadır.\nDördüncü qalır.\nBeşinci də qalır.\nAltıncı cümlə də qalır.\nBu cümlə əlavə olunub.";
        let bitext = bitext(
            &[(&[0], &[0]), (&[1], &[]), (&[2], &[]), (&[3], &[1]), (&[4], &[2]), (&[5], &[3]), (&[], &[4])],
            en,
            az,
        );
        let subject = Subject { texts: [(EN, en), (AZ, az)].into(), bitext: &bitext, codes: &Codes::new() };
        let rules = RuleSet::new(&[Rule::MissingPassage, Rule::AddedPassage], &[], &[]);
        let found = check(&subject, &Shared::default(), &rules);
        let told: Vec<(Rule, &str)> = found.iter().map(|f| (f.rule, f.message.as_str())).collect();
        assert_eq!(
            told,
            [
                (
                    Rule::MissingPassage,
                    "2 sentences have no counterpart in Azerbaijani: `The second sentence is left out. So is the third of them.`"
                ),
                (Rule::AddedPassage, "the sentence has no counterpart in English: `Bu cümlə əlavə olunub.`"),
            ]
        );
    }

    #[test]
    fn figures_differ_or_are_left_out() {
        let of = |en: &'static str, az: &'static str| {
            let found = told(&[(EN, en), (AZ, az)], Mark::Given);
            let numbers = found.into_iter().filter(|found| found.0 == Rule::NumberMismatch);
            numbers.map(|found| (found.1, found.3)).collect::<Vec<_>>()
        };
        let one = |level, message: &str| vec![(level, message.to_owned())];
        assert_eq!(of("250 people came", "205 nəfər gəlib"), one(Level::Warning, "`205` here, `250` in en"));
        assert_eq!(
            of("It met on 18 December", "Dekabrın 19-da toplaşıb"),
            one(Level::Warning, "`19` here, `18` in en")
        );
        assert_eq!(
            of("It met on 18 December", "Noyabrın 18-də toplaşıb"),
            one(Level::Warning, "`Noyabr` here, `December` in en")
        );
        assert_eq!(
            of("250 people came", "Çox adam gəlib"),
            one(Level::Info, "`250` has no counterpart in Azerbaijani")
        );
        assert_eq!(of("It is 130 miles (209 km) long", "Uzunluğu 209 km-dir"), []);
        assert_eq!(of("3 people came", "Adamlar gəlib"), []);
    }

    #[test]
    fn one_source_has_one_translation() {
        let en = "The office opens on Monday.\nThe office opens on Monday.\nThe office opens on Monday.\nIt closes at 5 on Friday.\nIt closes at 6 on Friday.";
        let az = "Ofis bazar ertəsi açılır.\nOfis bazar ertəsi açılır.\nİdarə birinci gün işləyir.\nCümə günü saat 5-də bağlanır.\nCümə günü saat 6-da bağlanır.";
        let found = told(&[(EN, en), (AZ, az)], Mark::Given);
        let of: Vec<(Rule, &str)> = found.iter().map(|found| (found.0, found.2.as_str())).collect();
        assert_eq!(of, [(Rule::InconsistentTarget, "İdarə birinci gün işləyir.")]);
        assert_eq!(found[0].3, "the same source is translated otherwise 2 times: `Ofis bazar ertəsi açılır.`");
    }

    #[test]
    fn a_translation_is_one() {
        let en = "The committee met on Monday to talk about the law.";
        let of = |to: Language, text| marked(Rule::Untranslated, &[(EN, en), (to, text)], Mark::Given).len();
        assert_eq!(of(AZ, en), 1);
        assert_eq!(of(AZ, "Комитет собрался в понедельник, и он обсудил закон."), 1);
        assert_eq!(of(AZ, "Komitə qanunu müzakirə etmək üçün toplaşıb."), 0);
        assert_eq!(of(Language::literal("kk"), "Комитет заң туралы сөйлесу үшін жиналды."), 0);
    }

    #[test]
    fn hostile_text_is_linear() {
        // A regression shows as a test that does not end.
        for piece in
            ["(", "“", "\"a", "« ", "a a ", "AB (AB) ", "1", "1,", "+1 (", "a.b/", "a@", "MMMM ", "twenty-", "“(\n\n"]
        {
            let text = piece.repeat(40_000 / piece.len());
            told(&[(EN, &text), (AZ, &text)], Mark::Computed);
        }
    }

    fn texts() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "the",
            "və",
            "и",
            " ",
            " ",
            "\n",
            "\n\n",
            ".",
            "“",
            "”",
            "\"",
            "«",
            "»",
            "(",
            ")",
            "ABC",
            "250",
            "1.5",
            "%",
            "İ",
            "+994 12 919",
            "www.a.az/en",
            "a@b.az",
            "December",
            "twenty",
            "min",
            "-",
            "’",
            "漢",
            "\u{307}",
            "5 p.m.",
            "XXI",
        ]);
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_text_is_borne(en in texts(), az in prop_oneof![texts(), "\\PC{0,80}"], given in any::<bool>()) {
            let mark = if given { Mark::Given } else { Mark::Computed };
            for (_, _, surface, message) in told(&[(EN, &en), (AZ, &az), (Language::literal("kk"), &en)], mark) {
                prop_assert!(!surface.is_empty() && !message.is_empty() && !message.contains('\n'));
            }
        }
    }
}
