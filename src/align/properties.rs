//! What must hold of any texts whatever.

use super::*;
use crate::text::Span;
use proptest::prelude::*;

const EN: Language = Language::EN;
const AZ: Language = Language::AZ;
const RU: Language = Language::RU;

fn segments(lines: &[(String, usize, bool)]) -> Vec<Segment> {
    let mut paragraph = 1;
    let mut out = Vec::new();
    for (text, breaks, footer) in lines {
        paragraph += usize::from(*breaks == 0);
        let kind = if *footer { Kind::Boilerplate } else { Kind::Body };
        out.push(Segment { span: Span::new(0, text.len()), text: text.clone(), kind, paragraph });
    }
    out
}

fn plain(lines: &[&str]) -> Vec<Segment> {
    segments(&lines.iter().map(|line| ((*line).to_owned(), 1, false)).collect::<Vec<_>>())
}

/// Any list of segments, footers among them; words few, so that they meet.
fn any_text(most: usize) -> impl Strategy<Value = Vec<Segment>> {
    let word = prop_oneof![
        Just("Baku".to_owned()),
        Just("Баку".to_owned()),
        Just("919".to_owned()),
        Just("1 250".to_owned()),
        Just("May".to_owned()),
        "[a-zəşçа-я]{1,6}",
        "\\PC{0,3}",
    ];
    let line = (prop::collection::vec(word, 0..8).prop_map(|w| w.join(" ")), 0usize..3, prop::bool::weighted(0.1));
    prop::collection::vec(line, 0..most).prop_map(|lines| segments(&lines))
}

/// Every segment is in exactly one bead, kinds do not mix, scores are probabilities, lonely beads hold one.
fn check(texts: &Texts, beads: &[Bead]) -> Result<(), TestCaseError> {
    let mut seen: BTreeMap<Language, Vec<usize>> =
        texts.iter().map(|(language, list)| (*language, vec![0; list.len()])).collect();
    for bead in beads {
        prop_assert!((0.0..=1.0).contains(&bead.score), "{}", bead.score);
        prop_assert!(bead.filled() > 0);
        prop_assert!(bead.filled() > 1 || bead.sides.values().map(Vec::len).sum::<usize>() == 1);
        let mut footers = Vec::new();
        for (language, side) in &bead.sides {
            prop_assert!(side.windows(2).all(|w| w[0] < w[1]));
            for at in side {
                seen.get_mut(language).unwrap()[*at] += 1;
                footers.push(texts[language][*at].kind == Kind::Boilerplate);
            }
        }
        prop_assert!(footers.windows(2).all(|w| w[0] == w[1]), "a footer answers text");
    }
    for (language, counts) in seen {
        prop_assert!(counts.iter().all(|count| *count == 1), "{language}: {counts:?}");
    }
    let first = texts.keys().next();
    let order: Vec<usize> = beads.iter().filter_map(|bead| bead.side(*first?).first().copied()).collect();
    prop_assert!(order.windows(2).all(|w| w[0] < w[1]), "the first language's order is kept");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_segment_is_in_one_bead(a in any_text(20), b in any_text(20), c in any_text(20), kazakh in any_text(8)) {
        let two = BTreeMap::from([(EN, a.clone()), (AZ, b.clone())]);
        check(&two, &align(&two, &Evidence::default()))?;
        let four = BTreeMap::from([(EN, a), (AZ, b), (RU, c), ("kk".parse().unwrap(), kazakh)]);
        check(&four, &align(&four, &Evidence::default()))?;
    }

    #[test]
    fn what_stands_is_in_the_result_and_nothing_is_lost(
        a in any_text(14), b in any_text(14), c in any_text(14),
        places in prop::collection::vec((prop::collection::vec(0usize..14, 0..4), prop::collection::vec(0usize..14, 0..3),
            prop::option::of(prop::collection::vec(0usize..14, 0..2))), 0..5),
    ) {
        let texts = BTreeMap::from([(EN, a), (AZ, b), (RU, c)]);
        let given: Vec<Bead> = places
            .into_iter()
            .map(|(en, az, ru)| {
                let sides = BTreeMap::from([(EN, en), (AZ, az)]).into_iter().chain(ru.map(|ru| (RU, ru)));
                Bead { sides: sides.collect(), score: 1.0, mark: crate::model::Mark::Accepted }
            })
            .collect();
        let standing = fixed::sound(&given, &texts);
        let beads = align(&texts, &Evidence { fixed: vec![given], ..Evidence::default() });
        let mut seen: BTreeMap<Language, Vec<usize>> = BTreeMap::new();
        for bead in &beads {
            bead.sides.iter().for_each(|(language, side)| seen.entry(*language).or_default().extend(side));
        }
        for (language, segments) in &texts {
            let mut seen = seen.remove(language).unwrap_or_default();
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..segments.len()).collect::<Vec<_>>(), "{}", language);
        }
        for want in &standing {
            let is = |bead: &&Bead| want.sides.iter().all(|(language, side)| bead.side(*language) == side.as_slice());
            prop_assert!(beads.iter().any(|bead| is(&bead)), "{want:?} is not in {beads:?}");
        }
    }

    #[test]
    fn what_the_aligner_found_stays_when_it_stands(a in any_text(14), b in any_text(14), c in any_text(14), every in 1usize..4) {
        let texts = BTreeMap::from([(EN, a), (AZ, b), (RU, c)]);
        let found = align(&texts, &Evidence::default());
        let closed = |bead: &Bead| {
            let sides = texts.keys().map(|language| (*language, bead.side(*language).to_vec())).collect();
            Bead { sides, ..bead.clone() }
        };
        let standing: Vec<Bead> = found.iter().map(closed).step_by(every).collect();
        let again = align(&texts, &Evidence { fixed: vec![standing.clone()], ..Evidence::default() });
        check(&texts, &again)?;
        for want in &standing {
            prop_assert!(again.iter().any(|bead| closed(bead).sides == want.sides));
        }
    }

    #[test]
    fn turns_do_not_matter(a in any_text(10), b in any_text(10), c in any_text(10)) {
        let sets = [
            BTreeMap::from([(EN, a.clone()), (AZ, b.clone())]),
            BTreeMap::from([(EN, b), (AZ, c.clone())]),
            BTreeMap::from([(EN, c), (AZ, a)]),
        ];
        let whole = align_all(&sets, &Evidence::default(), &|| ());
        let mut turned: Vec<Option<Vec<Bead>>> = vec![None; 3];
        let turns = [vec![2], vec![0]];
        let Ok(()) = align_in_turn(&sets, &turns, &Evidence::default(), &|| (), &mut |turn, beads| {
            turn.iter().zip(beads).for_each(|(at, beads)| turned[*at] = Some(beads));
            Ok::<(), std::convert::Infallible>(())
        });
        prop_assert_eq!(turned, vec![Some(whole[0].clone()), None, Some(whole[2].clone())]);
    }

    #[test]
    fn threads_do_not_matter(a in any_text(12), b in any_text(12), c in any_text(12)) {
        let sets = [
            BTreeMap::from([(EN, a.clone()), (AZ, b.clone()), (RU, c.clone())]),
            BTreeMap::from([(EN, b), (RU, a)]),
            BTreeMap::from([(AZ, c)]),
        ];
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| align_all(&sets, &Evidence::default(), &|| ()))
        };
        prop_assert_eq!(on(1), on(3));
    }
}

#[test]
fn a_short_text_against_a_long_one() {
    let long: Vec<String> = (0..500).map(|n| format!("Sentence number {n} says nothing of note.")).collect();
    let long = plain(&long.iter().map(String::as_str).collect::<Vec<_>>());
    let texts = BTreeMap::from([(EN, long), (AZ, plain(&["Cümlə 250 heç nə demir."]))]);
    let beads = align(&texts, &Evidence::default());
    check(&texts, &beads).unwrap();
    let bead = beads.iter().find(|bead| bead.filled() == 2).expect("the number finds its sentence");
    assert_eq!(bead.side(EN), [250]);
}

#[test]
fn identical_lines_stay_in_order() {
    let texts = BTreeMap::from([(EN, plain(&["Thank you."; 30])), (AZ, plain(&["Təşəkkür edirəm."; 30]))]);
    let beads = align(&texts, &Evidence::default());
    check(&texts, &beads).unwrap();
    assert!(beads.iter().all(|bead| bead.side(EN) == bead.side(AZ)));
}

#[test]
fn the_same_text_twice_answers_itself() {
    let lines: Vec<String> = (0..60).map(|n| format!("The {n}th line of the text about Baku.")).collect();
    let text = plain(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let texts = BTreeMap::from([(EN, text.clone()), (AZ, text)]);
    let beads = align(&texts, &Evidence::default());
    check(&texts, &beads).unwrap();
    assert!(beads.iter().all(|bead| bead.side(EN) == bead.side(AZ)));
}

#[test]
fn many_identical_lines_are_aligned_in_a_band() {
    let texts = BTreeMap::from([(EN, plain(&["Thank you."; 300])), (AZ, plain(&["Təşəkkür edirəm."; 300]))]);
    let beads = align(&texts, &Evidence::default());
    check(&texts, &beads).unwrap();
    assert!(beads.iter().filter(|bead| bead.side(EN) == bead.side(AZ)).count() == 300);
}

#[test]
fn a_footer_that_recurs_is_not_another_footer() {
    // Both footers stand under some releases in both languages, under the last in one language each.
    let releases = [
        ("The Service opened an office in Ganja on 5 May.", "Xidmət mayın 5-də Gəncədə idarə açıb."),
        ("Some 320 foreigners applied in June.", "İyunda 320 əcnəbi müraciət edib."),
        ("Vusal Huseynov met the envoy of IOM.", "Vüsal Hüseynov BMqT nümayəndəsi ilə görüşüb."),
        ("A hotline, 919, takes calls at night.", "919 qaynar xətti gecə də işləyir."),
        ("The law of 2013 was amended in April.", "2013-cü il qanununa apreldə dəyişiklik edilib."),
        ("Sumgait has a new service centre.", "Sumqayıtda yeni xidmət mərkəzi var."),
    ];
    let (follow, share) = ("Follow our pages on social media.", "Please tell your friends about it.");
    let (izle, paylas) = ("Sosial şəbəkələrdə səhifəmizi izləyin.", "Bu barədə dostlarınıza da deyin.");
    let mut sets: Vec<Texts> = Vec::new();
    for (en, az) in releases {
        let set = [(EN, plain(&[en, follow, share])), (AZ, plain(&[az, izle, paylas]))];
        sets.push(BTreeMap::from(set));
    }
    sets.push(BTreeMap::from([
        (EN, plain(&["Baku hosted 45 officers on 3 July.", follow])),
        (AZ, plain(&["Bakı iyulun 3-də 45 zabiti qəbul edib.", paylas])),
    ]));
    let last = align_all(&sets, &Evidence::default(), &|| ()).pop().unwrap();
    assert!(last.iter().all(|bead| bead.side(EN) != [1] || bead.score < 0.9), "{last:?}");
}

#[test]
fn nothing_answers_nothing() {
    assert!(align(&BTreeMap::new(), &Evidence::default()).is_empty());
    let empty = BTreeMap::from([(EN, Vec::new()), (AZ, Vec::new())]);
    assert!(align(&empty, &Evidence::default()).is_empty());
    let one_sided = BTreeMap::from([(EN, plain(&["One.", "Two."])), (AZ, Vec::new())]);
    let beads = align(&one_sided, &Evidence::default());
    check(&one_sided, &beads).unwrap();
    assert_eq!(beads.len(), 2);
}
