//! What is wrong with the terms of a text or of a pair of texts.
//!
//! Each segment is searched once; what is found serves all rules. [`alone`] holds what a text tells by itself,
//! [`pair`] what its source tells.

mod alone;
mod pair;

use super::find::{Found, Overlap, Termbase, longest};
use crate::lang::{Language, forms};
use crate::model::{Bitext, Concept, Finding, Mark, Segment};
use crate::rules::RuleSet;
use std::collections::BTreeMap;

/// Checks the terms of each text and, in each bead, those of the source against the other languages. Findings
/// come by language and place.
pub fn check(termbase: &Termbase, bitext: &Bitext, rules: &RuleSet) -> Vec<Finding> {
    let mut out = Vec::new();
    if termbase.concepts().is_empty() {
        return out;
    }
    let texts: BTreeMap<Language, Text<'_>> =
        bitext.texts.iter().map(|(language, segments)| (*language, Text::new(termbase, *language, segments))).collect();
    // The sentences of a table, of a bilingual file or of the memory are no text: none goes on from the one before.
    let runs_on = bitext.beads.iter().all(|bead| bead.mark != Mark::Given);
    for text in texts.values() {
        alone::findings(termbase, text, runs_on, rules, &mut out);
    }
    pair::findings(termbase, bitext, &texts, runs_on, rules, &mut out);
    out.sort_by(|a, b| {
        let key = |f: &Finding| (f.place.language, f.place.span.start, f.place.span.end, f.rule);
        key(a).cmp(&key(b))
    });
    out
}

/// A text and the terms in it.
struct Text<'b> {
    language: Language,
    segments: &'b [Segment],
    /// For each segment all terms, longer ones first from each place on.
    found: Vec<Vec<Found>>,
}

impl<'b> Text<'b> {
    fn new(termbase: &Termbase, language: Language, segments: &'b [Segment]) -> Text<'b> {
        let found = segments.iter().map(|segment| termbase.find(language, &segment.text, Overlap::All)).collect();
        Text { language, segments, found }
    }

    /// The terms of a segment that are no part of a longer one.
    fn longest(&self, at: usize) -> Vec<Found> {
        let mut out = self.found[at].clone();
        longest(&mut out);
        out
    }
}

/// `text` in capitals where `surface` is, with a capital first letter where `surface` has one.
fn cased_like(language: Language, text: String, surface: &str) -> String {
    let letters: Vec<char> = surface.chars().filter(|c| c.is_alphabetic()).collect();
    let capitals = letters.len() > 1 && letters.iter().all(|c| c.is_uppercase());
    let first = |text: &str| text.chars().next().is_some_and(char::is_uppercase);
    if capitals && !forms::is_acronym(surface.split(['-', '’', '\'']).next().unwrap_or_default()) {
        language.upper(&text)
    } else if first(surface) && !first(&text) {
        language.capitalised(&text)
    } else {
        text
    }
}

/// The concept's terms in the other languages, for the reader of a finding.
fn notes(concept: &Concept, language: Language) -> Vec<String> {
    let mut others: Vec<String> = Vec::new();
    for term in &concept.terms {
        if term.language != language && concept.preferred(term.language) == Some(term) {
            others.push(format!("{} {}", term.language, term.text));
        }
    }
    let mut out = match others.is_empty() {
        true => Vec::new(),
        false => vec![format!("concept: {} ({})", concept.id, others.join(", "))],
    };
    out.extend(concept.note.iter().map(|note| format!("note: {note}")));
    out
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Bead, Kind, Level, Mark, Rule, Status, Term};
    use crate::text::Span;
    use std::collections::BTreeMap;

    /// A term is `lang text`, with `!` before it when forbidden, `~` when deprecated.
    fn concept(id: &str, terms: &[&str]) -> Concept {
        let term = |given: &&str| {
            let (status, given) = match given.strip_prefix('!') {
                Some(rest) => (Status::Forbidden, rest),
                None => given.strip_prefix('~').map_or((Status::Preferred, *given), |rest| (Status::Deprecated, rest)),
            };
            let (language, text) = given.split_once(' ').unwrap();
            let mut term = Term::new(text, language.parse().unwrap(), status);
            term.abbreviation = forms::is_acronym(text);
            term
        };
        Concept { id: id.to_owned(), terms: terms.iter().map(term).collect(), ..Concept::default() }
    }

    fn termbase() -> Termbase {
        Termbase::new(vec![
            concept(
                "parliament",
                &[
                    "en Milli Majlis",
                    "!en Milli Mejlis",
                    "!en Milli Mejills",
                    "az Milli Məclis",
                    "!az Milli Mejlis",
                    "ru Милли Меджлис",
                    "!ru Милли Мейлис",
                ],
            ),
            concept(
                "service",
                &[
                    "en State Migration Service",
                    "en SMS",
                    "az Dövlət Miqrasiya Xidməti",
                    "az DMX",
                    "!az DMİX",
                    "ru Государственная миграционная служба",
                    "!ru Федеральная миграционная служба",
                    "ru ГМС",
                    "~ru Государственный комитет по миграции",
                ],
            ),
            concept("refugee", &["en refugee", "az qaçqın", "ru беженец"]),
            concept("senator", &["en senator", "az senator", "ru сенатор"]),
            concept("court", &["en Supreme Court", "az Ali Məhkəmə", "ru Верховный суд"]),
            concept("judge", &["en court", "az məhkəmə", "ru суд"]),
            concept("washington", &["en Washington", "az Vaşinqton", "ru Вашингтон"]),
        ])
    }

    fn one_bead(texts: &[(Language, &str)]) -> Bitext {
        let segment = |text: &str| Segment {
            span: Span::new(10, 10 + text.len()),
            text: text.to_owned(),
            kind: Kind::Body,
            paragraph: 1,
        };
        let sides: BTreeMap<_, _> = texts.iter().map(|(language, _)| (*language, vec![0])).collect();
        Bitext {
            texts: texts.iter().map(|(language, text)| (*language, vec![segment(text)])).collect(),
            beads: vec![Bead { sides, score: 1.0, mark: Mark::Given }],
        }
    }

    /// Rule, marked text, fix, whether it is certain; of the rules that are about what stands in the text.
    fn told<'t>(texts: &[(Language, &'t str)]) -> Vec<(Rule, &'t str, String, bool)> {
        let rules = RuleSet::new(&[], &[], &[Rule::TermCount, Rule::ExtraTerm, Rule::AcronymUndefined]);
        let findings = check(&termbase(), &one_bead(texts), &rules);
        let shown = |f: Finding| {
            let (_, text) = texts.iter().find(|(language, _)| *language == f.place.language).unwrap();
            let fix = f.fix.unwrap();
            (f.rule, &text[f.place.span.start - 10..f.place.span.end - 10], fix.text, fix.certain)
        };
        findings.into_iter().map(shown).collect()
    }

    #[test]
    fn forbidden_variants_are_replaced_in_their_form() {
        for (language, text, wrong, fix) in [
            (Language::EN, "the Milli Mejlis’s session", "Milli Mejlis’s", "Milli Majlis’s"),
            (Language::EN, "THE MILLI MEJLIS MET", "MILLI MEJLIS", "MILLI MAJLIS"),
            (Language::EN, "the Milli Mejills met", "Milli Mejills", "Milli Majlis"),
            (Language::EN, "the Milli Mejills’ vote", "Milli Mejills", "Milli Majlis"),
            (Language::AZ, "Milli Mejlisdə keçirilib", "Milli Mejlisdə", "Milli Məclisdə"),
            (Language::AZ, "MİLLİ MEJLİSİN", "MİLLİ MEJLİSİN", "MİLLİ MƏCLİSİN"),
            (Language::AZ, "Milli Mejlisimizin qərarı", "Milli Mejlisimizin", "Milli Məclisimizin"),
            (Language::RU, "в Милли Мейлисе", "Милли Мейлисе", "Милли Меджлисе"),
            (
                Language::RU,
                "руководством Федеральной миграционной службой",
                "Федеральной миграционной службой",
                "Государственной миграционной службой",
            ),
        ] {
            assert_eq!(told(&[(language, text)]), [(Rule::ForbiddenTerm, wrong, fix.to_owned(), true)]);
        }
    }

    #[test]
    fn an_abbreviation_is_replaced_by_one() {
        assert_eq!(
            told(&[(Language::AZ, "DMİX-nin əməkdaşı")]),
            [(Rule::ForbiddenTerm, "DMİX-nin", "DMX-nin".to_owned(), true)]
        );
    }

    #[test]
    fn what_is_ambiguous_is_not_certain() {
        // Genitive, dative or prepositional: the feminine tells none of them apart, nor does the fix.
        let same = told(&[(Language::RU, "Федеральной миграционной службы")]);
        assert_eq!((same[0].2.as_str(), same[0].3), ("Государственной миграционной службы", true));
        // The masculine has two forms where the feminine has one.
        let found = told(&[(Language::RU, "о Государственном комитете по миграции")]);
        assert_eq!(found[0].0, Rule::DeprecatedTerm);
        assert_eq!(found[0].2, "Государственной миграционной службе");
    }

    #[test]
    fn any_approved_term_in_any_form_will_do() {
        let en = (Language::EN, "The State Migration Service told a senator.");
        assert_eq!(told(&[en, (Language::AZ, "DMX-nin məlumatı senatora çatıb.")]), []);
        assert_eq!(told(&[en, (Language::RU, "Сенатору сообщили в Государственной миграционной службе.")]), []);
    }

    #[test]
    fn a_term_before_a_noun_stands() {
        assert_eq!(
            told(&[
                (Language::EN, "Children from refugee families received gifts."),
                (Language::AZ, "Qaçqın ailələrindən olan uşaqlara hədiyyələr təqdim olunub."),
                (Language::RU, "Дети из семей беженцев получили подарки."),
            ]),
            []
        );
    }

    #[test]
    fn a_term_of_its_own_case_stands_in_any_form() {
        let mut authority =
            concept("authority", &["en Executive Authority", "az İcra Hakimiyyəti", "ru Исполнительная власть"]);
        authority.terms.iter_mut().for_each(|term| term.case_sensitive = true);
        let termbase = Termbase::new(vec![authority]);
        let bitext = one_bead(&[
            (Language::EN, "With the support of the Executive Authority and of the Executive Authority of Shaki"),
            (Language::AZ, "İcra Hakimiyyətinin və Şəki İcra Hakimiyyətinin dəstəyi ilə"),
            (Language::RU, "При поддержке Исполнительной власти и Исполнительной власти Шеки"),
        ]);
        assert_eq!(check(&termbase, &bitext, &RuleSet::default()), []);
    }

    #[test]
    fn missing_terms_mark_the_segment() {
        let got = told(&[(Language::EN, "The senator left."), (Language::AZ, "O, getdi.")]);
        assert_eq!(got, [(Rule::MissingTerm, "O, getdi.", "senator".to_owned(), false)]);
    }

    #[test]
    fn what_stands_in_the_place_of_a_term_is_marked() {
        let got = told(&[(Language::EN, "Several senators left."), (Language::AZ, "Bir neçə sinatorlar getdi.")]);
        assert_eq!(got, [(Rule::WrongTerm, "sinatorlar", "senatorlar".to_owned(), false)]);
        let got = told(&[(Language::EN, "The Supreme Court ruled."), (Language::RU, "Решение Верхового суда.")]);
        assert_eq!(got, [(Rule::WrongTerm, "Верхового суда", "Верховного суда".to_owned(), false)]);
        let got =
            told(&[(Language::EN, "Said the State Migration Service (SMS)."), (Language::AZ, "DXM-dən bildirilib.")]);
        assert_eq!(got, [(Rule::WrongTerm, "DXM-dən", "DMX-dən".to_owned(), false)]);
    }

    #[test]
    fn a_longer_term_answers_for_the_shorter_one_in_it() {
        assert_eq!(told(&[(Language::EN, "The Supreme Court ruled."), (Language::AZ, "Ali Məhkəmənin qərarı.")]), []);
    }

    #[test]
    fn a_word_derived_from_the_term_counts() {
        assert_eq!(told(&[(Language::EN, "A Washington court."), (Language::RU, "Вашингтонский суд.")]), []);
    }

    /// A text of one segment a line; a line in brackets is a heading.
    fn text(lines: &str) -> Vec<Segment> {
        let mut at = 0;
        let segment = |line: &str| {
            let heading = line.strip_prefix('[').and_then(|line| line.strip_suffix(']'));
            let text = heading.unwrap_or(line).to_owned();
            let span = Span::new(at, at + text.len());
            at = span.end + 1;
            let kind = if heading.is_some() { Kind::Heading } else { Kind::Body };
            Segment { span, text, kind, paragraph: 1 }
        };
        lines.lines().map(segment).collect()
    }

    /// Texts side by side, line by line: rule, level and message of what is found.
    fn read(texts: &[(Language, &str)]) -> Vec<(Rule, Level, String)> {
        let texts: BTreeMap<Language, Vec<Segment>> =
            texts.iter().map(|(language, lines)| (*language, text(lines))).collect();
        let count = texts.values().map(Vec::len).max().unwrap_or(0);
        let bead = |at: usize| {
            let sides = texts.iter().filter(|(_, all)| at < all.len()).map(|(language, _)| (*language, vec![at]));
            Bead { sides: sides.collect(), score: 1.0, mark: Mark::Computed }
        };
        let bitext = Bitext { beads: (0..count).map(bead).collect(), texts };
        let found = check(&termbase(), &bitext, &RuleSet::default());
        found.into_iter().map(|f| (f.rule, f.level, f.message)).collect()
    }

    #[test]
    fn what_may_rightly_be_left_out_is_told_at_a_lower_level() {
        let (en, az) = (Language::EN, Language::AZ);
        let levels = |texts: &[(Language, &str)]| read(texts).into_iter().map(|(r, l, _)| (r, l)).collect::<Vec<_>>();
        let missing = |level| vec![(Rule::MissingTerm, level)];
        assert_eq!(levels(&[(en, "A refugee came."), (az, "O gəlib.")]), missing(Level::Warning));
        assert_eq!(levels(&[(en, "[A refugee came]"), (az, "[Yeni sual]")]), missing(Level::Info));
        // A pronoun stands for what was said just before.
        assert_eq!(
            levels(&[(en, "A refugee came.\nThe refugee left."), (az, "Qaçqın gəlib.\nSonra o, gedib.")]),
            missing(Level::Info)
        );
        let far = "A refugee came.\nYes.\nNo.\nThe refugee left.";
        assert_eq!(levels(&[(en, far), (az, "Qaçqın gəlib.\nBəli.\nXeyr.\nSonra o, gedib.")]), missing(Level::Warning));
    }

    #[test]
    fn how_often_counts() {
        let (en, az) = (Language::EN, Language::AZ);
        let source = "A refugee and another refugee came.";
        assert_eq!(read(&[(en, source), (az, "Bir qaçqın və digər qaçqın gəlib.")]), []);
        let message = "en `refugee` stands twice here, its term in az once".to_owned();
        assert_eq!(
            read(&[(en, source), (az, "Bir qaçqın və başqası gəlib.")]),
            [(Rule::TermCount, Level::Info, message)]
        );
        // A court inside the Supreme Court is not one more court.
        let source = "The court told the Supreme Court.";
        assert_eq!(read(&[(en, source), (az, "Məhkəmə Ali Məhkəməyə bildirib.")]), []);
        // An abbreviation in brackets says it once more, and not twice.
        let source = "The State Migration Service (SMS) told it.";
        assert_eq!(read(&[(en, source), (az, "Bunu Dövlət Miqrasiya Xidməti deyib.")]), []);
    }

    #[test]
    fn terms_the_source_does_not_have() {
        let (en, az) = (Language::EN, Language::AZ);
        let message = "`Ali Məhkəmənin` stands here, but no `Supreme Court` in en".to_owned();
        assert_eq!(
            read(&[(en, "It decided so."), (az, "Ali Məhkəmənin qərarı belədir.")]),
            [(Rule::ExtraTerm, Level::Info, message)]
        );
        let before = (en, "The Supreme Court met.\nIt decided so.");
        assert_eq!(read(&[before, (az, "Ali Məhkəmə toplaşıb.\nAli Məhkəmənin qərarı belədir.")]), []);
    }

    #[test]
    fn an_abbreviation_is_introduced_once() {
        let az = Language::AZ;
        let undefined = |message: &str| vec![(Rule::AcronymUndefined, Level::Info, message.to_owned())];
        let message = "`DMX` has not been introduced: `Dövlət Miqrasiya Xidməti` is not said before it";
        assert_eq!(read(&[(az, "DMX-də görüş olub.\nDMX-nin rəhbəri danışıb.")]), undefined(message));
        assert_eq!(read(&[(az, "[DMX-də görüş]\nDövlət Miqrasiya Xidmətində (DMX) görüş olub.\nDMX-nin qərarı.")]), []);
        let bitext = Bitext { texts: [(az, text("DMX-nin məlumatı."))].into(), ..Bitext::default() };
        let fix = check(&termbase(), &bitext, &RuleSet::default())[0].fix.clone().unwrap();
        assert_eq!((fix.text.as_str(), fix.certain), ("Dövlət Miqrasiya Xidmətinin (DMX)", false));
    }

    #[test]
    fn what_is_quoted_is_told_and_left() {
        let quoted = "He wrote: “the Milli Mejlis of that time was another one”.";
        let bitext = Bitext { texts: [(Language::EN, text(quoted))].into(), ..Bitext::default() };
        let found = &check(&termbase(), &bitext, &RuleSet::default())[0];
        assert_eq!((found.rule, found.level), (Rule::ForbiddenTerm, Level::Info));
        assert!(!found.fix.as_ref().unwrap().certain);
        let named = Bitext { texts: [(Language::EN, text("The “Milli Mejlis” met."))].into(), ..Bitext::default() };
        assert_eq!(check(&termbase(), &named, &RuleSet::default())[0].level, Level::Error);
    }

    #[test]
    fn a_title_in_quotation_marks_is_left() {
        let certain = |lines: &str| {
            let bitext = Bitext { texts: [(Language::RU, text(lines))].into(), ..Bitext::default() };
            let found = check(&termbase(), &bitext, &RuleSet::default());
            found.into_iter().map(|f| (f.rule, f.fix.unwrap().certain)).collect::<Vec<_>>()
        };
        let told = |certain| vec![(Rule::DeprecatedTerm, certain)];
        assert_eq!(certain("Книгу «Государственный комитет по миграции» издали."), told(false));
        assert_eq!(certain("Здание Государственного комитета по миграции открыли."), told(true));
    }

    #[test]
    fn capitals_are_a_matter_of_the_house() {
        let rules = RuleSet::new(&[Rule::TermCase], &[], &[]);
        let fixes = |language: Language, lines: &str| {
            let bitext = Bitext { texts: [(language, text(lines))].into(), ..Bitext::default() };
            let found = check(&termbase(), &bitext, &rules);
            found.into_iter().map(|f| f.fix.unwrap()).map(|fix| (fix.text, fix.certain)).collect::<Vec<_>>()
        };
        let (az, ru) = (Language::AZ, Language::RU);
        assert_eq!(fixes(az, "Bu gün milli\u{a0}məclisdə"), [("Milli\u{a0}Məclisdə".to_owned(), true)]);
        let right = ("Государственной миграционной службы".to_owned(), true);
        assert_eq!(fixes(ru, "дело Государственной Миграционной Службы"), [right]);
        for fine in ["MİLLİ MƏCLİSDƏ", "Milli Məclisdə", "[milli məclisdə]", "Qaçqın gəlib"] {
            assert_eq!(fixes(az, fine), [], "{fine}");
        }
        assert_eq!(fixes(az, "Bir Qaçqın gəlib"), [("qaçqın".to_owned(), true)]);
    }

    #[test]
    fn what_is_not_translated_stands_as_it_is() {
        let mut viza = concept("viza", &["en ASAN Viza"]);
        viza.do_not_translate = true;
        let termbase = Termbase::new(vec![viza]);
        let messages = |language: Language, target: &str| {
            let bitext = one_bead(&[(Language::EN, "Apply through ASAN Viza."), (language, target)]);
            let found = check(&termbase, &bitext, &RuleSet::default());
            found.into_iter().map(|f| (f.rule, f.message)).collect::<Vec<_>>()
        };
        assert_eq!(messages(Language::AZ, "ASAN Vizadan istifadə edin."), []);
        assert_eq!(messages(Language::RU, "Подайте заявление через ASAN Viza."), []);
        let message = "en `ASAN Viza` is not translated, but `ASAN Viza` is missing".to_owned();
        assert_eq!(messages(Language::RU, "Подайте заявление на сайте."), [(Rule::MissingTerm, message)]);
    }

    #[test]
    fn only_the_rules_asked_for() {
        let bitext = one_bead(&[(Language::EN, "The senator of the Milli Mejlis"), (Language::AZ, "O gəldi.")]);
        let rules = RuleSet::new(&[], &[], &[Rule::ForbiddenTerm, Rule::WrongTerm]);
        let found: Vec<Rule> = check(&termbase(), &bitext, &rules).into_iter().map(|f| f.rule).collect();
        assert_eq!(found, [Rule::MissingTerm, Rule::MissingTerm]);
    }

    #[test]
    fn findings_tell_the_concept() {
        let bitext = one_bead(&[(Language::AZ, "Milli Mejlis")]);
        let found = &check(&termbase(), &bitext, &RuleSet::default())[0];
        assert_eq!(found.concept.as_deref(), Some("parliament"));
        assert_eq!(found.term.as_deref(), Some("Milli Mejlis"));
        assert_eq!(found.notes, ["concept: parliament (en Milli Majlis, ru Милли Меджлис)"]);
        assert_eq!(found.message, "`Milli Mejlis` is a forbidden variant: write `Milli Məclis`");
    }
}
