//! Slips put into the sample releases on purpose are found, each where it was put.

use std::{fs, path::Path};
use yaddash::{
    Language,
    app::{
        Unwatched,
        check::{Input, Job, check},
    },
    model::{Level, Rule},
    rules::RuleSet,
};

/// The texts of the sample releases, by number and language.
fn releases() -> Vec<(String, Vec<(&'static str, String)>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("releases");
    let read = |number: usize| {
        let text = |tag: &'static str| {
            let path = folder.join(format!("{number:03}.{tag}.txt"));
            fs::read_to_string(path).ok().map(|text| (tag, text))
        };
        let texts: Option<Vec<_>> = ["en", "az", "ru"].into_iter().map(text).collect();
        texts.map(|texts| (format!("{number:03}"), texts))
    };
    (1..=14).filter_map(read).collect()
}

/// Rule, level, language and marked text of what `rule` finds in a set.
fn found(rule: Rule, texts: &[(&str, String)]) -> Vec<(Level, Language, String)> {
    let folder = tempfile::tempdir().unwrap();
    for (tag, text) in texts {
        fs::write(folder.path().join(format!("1.{tag}.txt")), text).unwrap();
    }
    let inputs = vec![Input::Path(folder.path().to_owned())];
    let rules = RuleSet::new(&[rule], &[], &[]);
    let checked = check(Job { inputs, rules, ..Job::default() }, &Unwatched);
    assert!(checked.failed.is_empty(), "{:?}", checked.failed);
    let shown = |l: &yaddash::report::Located| (l.finding.level, l.finding.place.language, l.surface().to_owned());
    checked.findings.iter().map(shown).collect()
}

/// A figure of two digits with another last digit: the text with it, and what it says then.
fn changed(text: &str) -> Option<(String, String)> {
    let mut runs = text.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 2 && !run.starts_with('0'));
    let run = runs.next()?;
    let at = run.as_ptr() as usize - text.as_ptr() as usize;
    let last = run.as_bytes()[1];
    let other = format!("{}{}", &run[..1], if last == b'9' { 4 } else { last - b'0' + 1 });
    Some((format!("{}{other}{}", &text[..at], &text[at + 2..]), other))
}

#[test]
fn a_figure_that_was_changed_is_found() {
    let (mut slips, mut seen) = (0, 0);
    for (name, texts) in releases() {
        let before = found(Rule::NumberMismatch, &texts);
        assert!(before.iter().all(|(level, ..)| *level < Level::Warning), "{name}: {before:?}");
        for language in 1..texts.len() {
            let Some((text, says)) = changed(&texts[language].1) else { continue };
            let mut texts = texts.clone();
            texts[language].1 = text;
            let after = found(Rule::NumberMismatch, &texts);
            slips += 1;
            seen += usize::from(
                after.iter().any(|(_, l, surface)| l.as_str() == texts[language].0 && surface.contains(&says)),
            );
        }
    }
    println!("{seen} of {slips} changed figures found");
    assert!(slips > 20 && seen * 100 >= slips * 90, "{seen} of {slips}");
}

#[test]
fn a_sentence_that_was_taken_out_is_found() {
    let (mut slips, mut seen) = (0, 0);
    for (_, texts) in releases() {
        for language in 1..texts.len() {
            let mut texts = texts.clone();
            // The longest paragraph of the middle: no greeting, no footer.
            let mut paragraphs: Vec<&str> = texts[language].1.split("\n\n").collect();
            let inner = 1..paragraphs.len().saturating_sub(2);
            let Some(longest) = inner.max_by_key(|at| paragraphs[*at].len()) else { continue };
            paragraphs.remove(longest);
            texts[language].1 = paragraphs.join("\n\n");
            slips += 1;
            seen += usize::from(found(Rule::MissingPassage, &texts).iter().any(|(level, ..)| *level == Level::Warning));
        }
    }
    println!("{seen} of {slips} paragraphs found missing");
    assert!(slips > 20 && seen * 100 >= slips * 90, "{seen} of {slips}");
}
