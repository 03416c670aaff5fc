//! Before sets are aligned: files whose names make no set are paired by content, and files that cannot be what their
//! names say are left out of their sets, with the reason.

use super::{
    Watch,
    documents::{self, Reading},
    pair::{self, ByContent, Known},
    sets::{Found, PassedOver, Set},
};
use crate::{
    align::pairing::{Collection, Misfit, Verdict},
    lang::{self, Language},
    memory::MemoryError,
    text::{TokenKind, tokens},
};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::{Path, PathBuf},
};

/// What to look into.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sifting {
    /// Names alone make sets; content pairs nothing.
    pub by_name: bool,
    /// Files are what their names say, whatever stands in them.
    pub trust_names: bool,
    /// Whether the texts of a set fit each other.
    pub fit: bool,
}

/// Why a file is left out of the set its name puts it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Its text is in another language than its name says.
    Language { named: Language, written: Language },
    /// The same text as another file of the set.
    Copy(PathBuf),
    /// It is not a translation of `of`; another file fits better.
    Better { of: PathBuf, fits: PathBuf, better: PathBuf },
    /// It explains `of` no better than chance has it.
    Unlike { of: PathBuf },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Language { named, written } => {
                write!(f, "its name says {}, but its text is in {}", named.name(), written.name())
            }
            Reason::Copy(of) => write!(f, "it is the same text as {}, not a translation", of.display()),
            Reason::Better { of, fits, better } => write!(
                f,
                "it does not look like a translation of {}: {} fits {} better",
                of.display(),
                fits.display(),
                better.display()
            ),
            Reason::Unlike { of } => {
                write!(
                    f,
                    "it does not look like a translation of {}: hardly any names, numbers or words agree",
                    of.display()
                )
            }
        }
    }
}

/// Shorter texts do not tell their language surely, and may be alike by right: a table of numbers, a name.
const LEAST_WORDS: usize = 8;
/// Two texts that share so many of their words, in order, are one text.
const COPY: f32 = 0.9;

/// Looks into the sets found in `folder`, as `what` says: pairs what was passed over, and moves files that do not
/// belong to their sets to what is passed over. Returns what was paired.
pub fn sift(
    found: &mut Found,
    folder: &Path,
    known: Known<'_>,
    what: Sifting,
    watch: &dyn Watch,
) -> Result<Vec<ByContent>, MemoryError> {
    let by_name = found.sets.len();
    let mut texts = Vec::new();
    if !what.trust_names && by_name > 0 {
        texts = read(&found.sets);
        let wrong = texts.par_iter().zip(&found.sets).map(|(texts, set)| wrong_texts(set, texts));
        let wrong: Vec<_> = wrong.collect();
        leave_out(found, wrong, &mut texts);
    }
    if what.fit && !texts.is_empty() {
        let wrong = misfits(&found.sets, &texts, known, watch)?;
        leave_out(found, wrong, &mut texts);
    }
    match what.by_name {
        true => Ok(Vec::new()),
        false => pair::complete(found, folder, known, watch),
    }
}

/// The texts of each set; a file that cannot be read is told by those who read it again.
fn read(sets: &[Set]) -> Vec<BTreeMap<Language, String>> {
    let read = |(language, file): (&Language, &PathBuf)| {
        let loaded = documents::load(file, Reading { from: Some(*language), ..Reading::default() }).ok()?;
        Some((*language, loaded.document.text))
    };
    sets.par_iter().map(|set| set.files.iter().filter_map(read).collect()).collect()
}

/// Takes files out of their sets; a set of one file is none.
fn leave_out(found: &mut Found, wrong: Vec<BTreeMap<Language, Reason>>, texts: &mut Vec<BTreeMap<Language, String>>) {
    let sets = std::mem::take(&mut found.sets).into_iter().zip(std::mem::take(texts));
    for ((mut set, mut its), wrong) in sets.zip(wrong) {
        let whole = set.files.len();
        for (language, reason) in wrong {
            its.remove(&language);
            if let Some(file) = set.files.remove(&language) {
                found.passed_over.push(PassedOver::Refused { set: set.name.clone(), language, file, reason });
            }
        }
        match set.files.len() {
            0 => {}
            1 if whole > 1 => found.passed_over.extend(set.files.into_values().map(PassedOver::Alone)),
            _ => {
                found.sets.push(set);
                texts.push(its);
            }
        }
    }
}

/// The files of a set that are in another language than their names say, or copies of others.
fn wrong_texts(set: &Set, texts: &BTreeMap<Language, String>) -> BTreeMap<Language, Reason> {
    let mut out = BTreeMap::new();
    let words: BTreeMap<Language, Vec<&str>> = texts.iter().map(|(l, text)| (*l, words(text))).collect();
    let written: BTreeMap<Language, Option<Language>> = texts.iter().map(|(l, text)| (*l, lang::guess(text))).collect();
    for language in words.iter().filter(|(_, words)| words.len() >= LEAST_WORDS).map(|(language, _)| language) {
        let copied = set.files.iter().find(|(of, _)| {
            *of != language
                && words.get(*of).is_some_and(|of| alike(&words[language], of))
                && !out.contains_key(*of)
                // The one whose language it is stays.
                && (written[*of] == Some(**of) || written[language] != Some(*language))
        });
        if let Some((_, of)) = copied {
            out.insert(*language, Reason::Copy(of.clone()));
        } else if let Some(written) = strange(*language, written[language]) {
            out.insert(*language, Reason::Language { named: *language, written });
        }
    }
    out
}

/// The language a text is in, where its name says another.
pub(super) fn other_language(named: Language, text: &str) -> Option<Language> {
    let written = strange(named, lang::guess(text))?;
    (words(text).len() >= LEAST_WORDS).then_some(written)
}

/// What a text is written in, if that is not what its name says. It can be told only of languages whose signs are known.
fn strange(named: Language, written: Option<Language>) -> Option<Language> {
    written.filter(|written| *written != named && named.row().is_some())
}

fn words(text: &str) -> Vec<&str> {
    tokens(text).filter(|token| token.kind == TokenKind::Word).map(|token| token.text(text)).collect()
}

/// Whether two texts have nearly the same words: by the words of each that stand in the other.
fn alike(a: &[&str], b: &[&str]) -> bool {
    let (longer, shorter) = (a.len().max(b.len()), a.len().min(b.len()));
    if (shorter as f32) < COPY * longer as f32 {
        return false;
    }
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    a.iter().for_each(|word| *counts.entry(word).or_default() += 1);
    // So many words may be missing; texts of two languages are told apart by their first words.
    let most = b.len() as f32 - COPY * longer as f32;
    let mut missing = 0;
    b.iter().all(|word| {
        match counts.get_mut(word).filter(|count| **count > 0) {
            Some(count) => *count -= 1,
            None => missing += 1,
        }
        missing as f32 <= most
    })
}

/// For each set the files that do not fit its others: out of place with every one of them.
fn misfits(
    sets: &[Set],
    texts: &[BTreeMap<Language, String>],
    known: Known<'_>,
    watch: &dyn Watch,
) -> Result<Vec<BTreeMap<Language, Reason>>, MemoryError> {
    let mut lists: BTreeMap<Language, Vec<&str>> = BTreeMap::new();
    let mut files: BTreeMap<Language, Vec<&PathBuf>> = BTreeMap::new();
    let mut named: Vec<BTreeMap<Language, usize>> = Vec::new();
    for (set, texts) in sets.iter().zip(texts) {
        let mut numbers = BTreeMap::new();
        for (language, text) in texts {
            let list = lists.entry(*language).or_default();
            numbers.insert(*language, list.len());
            list.push(text);
            files.entry(*language).or_default().push(&set.files[language]);
        }
        named.push(numbers);
    }
    let languages: BTreeSet<Language> = lists.keys().copied().collect();
    let evidence = known.evidence(&languages)?;
    watch.begin("comparing", languages.len() * languages.len().saturating_sub(1) / 2);
    let collection = Collection::new(&lists, &named, &evidence, &|| watch.step());
    let of_set = |set: &BTreeMap<Language, usize>| {
        let verdict = |a: Language, b: Language| collection.verdict((a, set[&a]), (b, set[&b]));
        let path = |(language, at): (Language, usize)| files[&language][at].clone();
        let reason = |(language, other, misfit): (Language, Language, Misfit)| {
            let of = path((other, set[&other]));
            let reason = match misfit {
                Misfit::Better { of: fits, other } => Reason::Better { of, fits: path(fits), better: path(other) },
                Misfit::Chance => Reason::Unlike { of },
            };
            (language, reason)
        };
        out_of_place(set.keys().copied().collect(), verdict).into_iter().map(reason).collect()
    };
    Ok(named.par_iter().map(of_set).collect())
}

/// The languages whose texts fit none of the set's others and contradict one, each with the one that tells why. The
/// text that stands alone goes first; of two that do not fit each other, the one that does not lead.
fn out_of_place(
    mut left: BTreeSet<Language>,
    verdict: impl Fn(Language, Language) -> Verdict,
) -> Vec<(Language, Language, Misfit)> {
    let mut out = Vec::new();
    while left.len() > 1 {
        let lead = lang::lead(left.iter().copied());
        // Those that none of the others supports, each with what speaks against it.
        let unsupported = left.iter().filter_map(|language| {
            let others = left.iter().filter(|other| *other != language);
            let verdicts: Vec<(Language, Verdict)> = others.map(|other| (*other, verdict(*language, *other))).collect();
            let misfit = |(other, verdict): &(Language, Verdict)| match verdict {
                Verdict::Misfit(misfit) => Some((*other, *misfit)),
                _ => None,
            };
            let supported = verdicts.iter().any(|(_, verdict)| *verdict == Verdict::Fits);
            (!supported).then(|| (*language, verdicts.iter().filter_map(misfit).collect::<Vec<_>>()))
        });
        let worst = unsupported.max_by_key(|(language, against)| (against.len(), Some(*language) != lead));
        let Some((worst, against)) = worst else { break };
        // What another file fits says more than chance, and most where it is this text that fits elsewhere.
        let rank = |misfit: &Misfit| match misfit {
            Misfit::Better { of, .. } if of.0 == worst => 2,
            Misfit::Better { .. } => 1,
            Misfit::Chance => 0,
        };
        let told = against.into_iter().max_by_key(|(other, misfit)| (rank(misfit), Some(*other) == lead));
        let Some((other, misfit)) = told else { break };
        out.push((worst, other, misfit));
        left.remove(&worst);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Unwatched, sets};
    use std::fs;

    const EN: &str = "On 12 May 2019 Vusal Huseynov met the ambassador of Georgia in Baku. 45 people took part in it.";
    const AZ: &str = "Vüsal Hüseynov 12 may 2019-cu ildə Bakıda Gürcüstanın səfiri ilə görüşüb. 45 nəfər iştirak edib.";
    const RU: &str = "12 мая 2019 года Вюсал Гусейнов встретился в Баку с послом Грузии. Участвовали 45 человек.";
    const OTHER_EN: &str = "The training in Ganja on 3 June was attended by 120 officers from Turkey and Moldova.";
    const OTHER_AZ: &str = "Gəncədə iyunun 3-də keçirilən təlimdə Türkiyə və Moldovadan 120 zabit iştirak edib.";
    const THIRD_EN: &str = "A hotline, 919, has answered 15,300 calls since January; see www.migration.gov.az.";
    const THIRD_AZ: &str = "919 qaynar xəttinə yanvardan bəri 15 300 zəng daxil olub: www.migration.gov.az.";

    /// The sets left and what was passed over, of a folder with these files.
    fn sifted(files: &[(&str, &str)], what: Sifting) -> (Vec<String>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let mut found = sets::find(folder.path()).unwrap();
        let known = Known { concepts: None, memory: None };
        let told = sift(&mut found, folder.path(), known, what, &Unwatched).unwrap();
        let sets = found.sets.iter().map(|set| {
            let languages: Vec<&str> = set.files.keys().map(Language::as_str).collect();
            format!("{} {}", set.name, languages.join(","))
        });
        let place = format!("{}/", folder.path().display());
        let said = found.passed_over.iter().map(ToString::to_string).chain(told.iter().map(ToString::to_string));
        (sets.collect(), said.map(|said| said.replace(&place, "")).collect())
    }

    const ALL: Sifting = Sifting { by_name: false, trust_names: false, fit: true };

    #[test]
    fn texts_that_are_not_what_their_names_say() {
        let files = [("1.en.txt", EN), ("1.az.txt", RU), ("1.ru.txt", RU), ("2.en.txt", EN), ("2.az.txt", EN)];
        let (sets, said) = sifted(&files, ALL);
        assert_eq!(sets, ["1 en,ru"]);
        assert_eq!(
            said,
            [
                "1.az.txt: left out of the set `1`, it is the same text as 1.ru.txt, not a translation",
                "2.az.txt: left out of the set `2`, it is the same text as 2.en.txt, not a translation",
                "2.en.txt: passed over, it has no counterpart in another language",
            ]
        );
        let (sets, said) = sifted(&[("1.en.txt", EN), ("1.az.txt", RU)], ALL);
        assert!(sets.is_empty());
        assert_eq!(said[0], "1.az.txt: left out of the set `1`, its name says Azerbaijani, but its text is in Russian");
        let (sets, _) = sifted(&files, Sifting { trust_names: true, by_name: true, ..ALL });
        assert_eq!(sets, ["1 az,en,ru", "2 az,en"]);
        // Nothing can be said of short texts, and of languages without signs.
        let (sets, said) = sifted(&[("1.en.txt", "Baku, 919"), ("1.az.txt", "Baku, 919"), ("1.tr.txt", AZ)], ALL);
        assert_eq!((sets, said), (vec!["1 az,en,tr".to_owned()], vec![]));
    }

    #[test]
    fn swapped_texts_are_refused_and_the_rest_of_the_set_stays() {
        let files = [
            ("1.en.txt", EN),
            ("1.az.txt", OTHER_AZ),
            ("1.ru.txt", RU),
            ("2.en.txt", OTHER_EN),
            ("2.az.txt", AZ),
            ("3.en.txt", THIRD_EN),
            ("3.az.txt", THIRD_AZ),
        ];
        let (sets, said) = sifted(&files, ALL);
        assert_eq!(sets, ["1 en,ru", "3 az,en"]);
        let why = "1.az.txt: left out of the set `1`, it does not look like a translation of 1.en.txt: 1.az.txt fits \
            2.en.txt better";
        assert!(said.contains(&why.to_owned()), "{said:?}");
        assert!(said.iter().any(|said| said.starts_with("2.") && said.contains("set `2`")), "{said:?}");
        let (sets, _) = sifted(&files, Sifting { trust_names: true, ..ALL });
        assert_eq!(sets, ["1 az,en,ru", "2 az,en", "3 az,en"]);
    }

    #[test]
    fn files_of_other_names_are_paired_and_join_sets() {
        let files = [
            ("görüş.az.txt", AZ),
            ("meeting.en.txt", EN),
            ("3.en.txt", THIRD_EN),
            ("3.az.txt", THIRD_AZ),
            ("zasedanie.txt", RU),
            ("README.md", "What stands in this folder is described here for the people of the office."),
        ];
        let (sets, said) = sifted(&files, ALL);
        assert_eq!(sets, ["3 az,en", "meeting az,en,ru"]);
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].starts_with("README.md: passed over, its name tells no language"), "{said:?}");
        assert!(said[1].starts_with("paired by content: meeting.en.txt + görüş.az.txt + zasedanie.txt ("), "{said:?}");
        let (sets, said) = sifted(&files, Sifting { by_name: true, ..ALL });
        assert_eq!((sets, said.len()), (vec!["3 az,en".to_owned()], 4));
    }
}
