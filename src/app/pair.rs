//! Pairing: which files are counterparts, by their names where these tell, else by their content.

use super::{
    ACCEPT, Watch,
    documents::{self, LoadError, Reading},
    sets::{self, Found, PassedOver, Set, SetsError},
    sift::{self, Sifting},
    stored,
};
use crate::{
    Language,
    align::{
        Evidence, Lexicon,
        pairing::{Collection, File, Why},
    },
    lang,
    memory::{Memory, MemoryError},
    model::Concept,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
};

/// Files whose names do not make them a set are taken for one by `run`, `align` and `check` where the content says
/// so at least this surely, 0 to 1.
pub const SURE: f32 = 0.9;

#[derive(Debug, thiserror::Error)]
pub enum PairError {
    #[error(transparent)]
    Sets(#[from] SetsError),
    #[error(transparent)]
    Memory(#[from] MemoryError),
}

/// Files that are one text, or one file without counterpart.
#[derive(Debug, Clone, PartialEq)]
pub struct Paired {
    pub files: BTreeMap<Language, PathBuf>,
    /// How sure, 0 to 1; 1 where the names said it.
    pub score: f32,
    /// Why a file has no counterpart; `None` for two and more.
    pub why: Option<Alone>,
}

/// Why a file has no counterpart, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alone {
    NoOther,
    Unlike,
    Figures {
        near: PathBuf,
        here: Vec<String>,
        there: Vec<String>,
    },
    Taken {
        near: PathBuf,
        by: PathBuf,
    },
    SameText(PathBuf),
    Unsure(PathBuf),
    /// Its text is in another language than its name says.
    Language {
        named: Language,
        written: Language,
    },
}

/// Figures named in a reason.
const FEW_FIGURES: usize = 6;

impl fmt::Display for Alone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let figures = |all: &[String]| match all {
            [] => "no others".to_owned(),
            all => {
                let few: Vec<&str> =
                    all.iter().take(FEW_FIGURES).map(|v| v.strip_prefix("month-").unwrap_or(v)).collect();
                few.join(", ") + if all.len() > FEW_FIGURES { " …" } else { "" }
            }
        };
        match self {
            Alone::NoOther => write!(f, "there is no text in another language beside it"),
            Alone::Unlike => write!(f, "no text in another language resembles it"),
            Alone::Figures { near, here, there } => write!(
                f,
                "{} is the nearest text, but its figures differ ({} here; {} there)",
                near.display(),
                figures(here),
                figures(there)
            ),
            Alone::Taken { near, by } => {
                write!(f, "{} is the nearest text, and the counterpart of {}", near.display(), by.display())
            }
            Alone::SameText(other) => {
                write!(f, "it is the same text as {}, which has the counterpart", other.display())
            }
            Alone::Language { named, written } => {
                write!(f, "its name says {}, but its text is in {}", named.name(), written.name())
            }
            Alone::Unsure(near) => write!(f, "{} is the nearest text, but it is not sure enough", near.display()),
        }
    }
}

/// What pairing found, and what it passed over.
#[derive(Debug, Default)]
pub struct Pairs {
    pub groups: Vec<Paired>,
    pub passed_over: Vec<PassedOver>,
    /// Files that could not be read.
    pub failed: Vec<LoadError>,
}

/// Where evidence comes from: the glossary in force, and the memory if there is one.
#[derive(Debug, Clone, Copy)]
pub struct Known<'k> {
    /// The memory's own copy serves where none is given.
    pub concepts: Option<&'k [Concept]>,
    pub memory: Option<&'k Path>,
}

impl Known<'_> {
    /// What is known of texts in these languages.
    pub fn evidence(self, languages: &BTreeSet<Language>) -> Result<Evidence, MemoryError> {
        let memory = self.memory.map(Memory::open_existing).transpose()?.flatten();
        let reader = memory.as_ref().map(Memory::read).transpose()?;
        let concepts = match (self.concepts, &reader) {
            (Some(concepts), _) => concepts.to_vec(),
            (None, Some(reader)) => reader.concepts()?,
            (None, None) => Vec::new(),
        };
        let pairs = languages.iter().flat_map(|a| languages.range(*a..).skip(1).map(move |b| (*a, *b))).collect();
        let lexicon = reader.map_or_else(
            || Ok(Lexicon::default()),
            |reader| stored::lexicon(&reader, &pairs, ACCEPT, &BTreeSet::new()),
        )?;
        Ok(Evidence { concepts, lexicon, ..Evidence::default() })
    }

    /// The names of the sets in the memory.
    fn names(self) -> Result<BTreeSet<String>, MemoryError> {
        let Some(memory) = self.memory.map(Memory::open_existing).transpose()?.flatten() else {
            return Ok(BTreeSet::new());
        };
        Ok(memory.read()?.sets()?.into_iter().map(|(name, _)| name).collect())
    }
}

/// Pairs the files given and those in the folders given: by name first, what is left by content. A file that is not what
/// its name says is passed over unless names are trusted.
pub fn pair(paths: &[PathBuf], known: Known<'_>, trust_names: bool, watch: &dyn Watch) -> Result<Pairs, PairError> {
    let mut out = Pairs::default();
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let found = sets::find(path)?;
        files.extend(found.sets.into_iter().flat_map(|set| set.files.into_values()));
        for passed_over in found.passed_over {
            match passed_over {
                PassedOver::Alone(file) | PassedOver::NoLanguage(file) | PassedOver::Doubled { file, .. } => {
                    files.push(file);
                }
                unreadable => out.passed_over.push(unreadable),
            }
        }
    }
    let mut by_name = sets::of_files(&files);
    let sifting = Sifting { by_name: true, trust_names, fit: true };
    sift::sift(&mut by_name, Path::new(""), known, sifting, watch)?;
    let mut named: Vec<BTreeMap<Language, PathBuf>> = by_name.sets.into_iter().map(|set| set.files).collect();
    let (across, rest) = across_folders(by_name.passed_over);
    named.extend(across);
    let mut left = Vec::new();
    for passed_over in rest {
        match passed_over {
            PassedOver::Alone(file) | PassedOver::Doubled { file, .. } | PassedOver::NoLanguage(file) => {
                left.push(file)
            }
            other => out.passed_over.push(other),
        }
    }
    let left = read(left, &mut out);
    let groups = by_content(&named, left, known, watch, &mut out.failed)?;
    out.groups.splice(0..0, groups);
    Ok(out)
}

/// A file read: where it is and what it says.
struct Text {
    file: PathBuf,
    language: Language,
    text: String,
}

/// Reads files whose counterparts are not known. Where nothing tells a language the file is passed over; where the
/// name tells another than the text, it is a group of its own.
fn read(files: Vec<PathBuf>, out: &mut Pairs) -> Vec<Text> {
    let mut texts = Vec::new();
    for file in files {
        let document = match documents::load(&file, Reading::default()) {
            Ok(loaded) => loaded.document,
            Err(error) => {
                out.failed.push(error);
                continue;
            }
        };
        let named = documents::language_of(&file);
        let written = named.and_then(|named| Some((named, sift::other_language(named, &document.text)?)));
        if let Some((named, written)) = written {
            let why = Some(Alone::Language { named, written });
            out.groups.push(Paired { files: BTreeMap::from([(named, file)]), score: 1.0, why });
        } else if document.language.as_str() == "und" {
            out.passed_over.push(PassedOver::NoLanguage(file));
        } else {
            texts.push(Text { file, language: document.language, text: document.text });
        }
    }
    texts
}

/// The sets known by name, then the groups that the content of the files `left` makes; a file left may join a set
/// that lacks its language. A set's file that cannot be read is left out of the comparison.
fn by_content(
    named: &[BTreeMap<Language, PathBuf>],
    left: Vec<Text>,
    known: Known<'_>,
    watch: &dyn Watch,
    failed: &mut Vec<LoadError>,
) -> Result<Vec<Paired>, MemoryError> {
    let lonely: BTreeSet<Language> = left.iter().map(|text| text.language).collect();
    let open = |set: &BTreeMap<Language, PathBuf>| lonely.iter().any(|language| !set.contains_key(language));
    let mut files: BTreeMap<Language, Vec<PathBuf>> = BTreeMap::new();
    let mut texts: BTreeMap<Language, Vec<String>> = BTreeMap::new();
    let mut put = |language: Language, file: PathBuf, text: String| {
        files.entry(language).or_default().push(file);
        let list = texts.entry(language).or_default();
        list.push(text);
        list.len() - 1
    };
    let mut sets: Vec<BTreeMap<Language, usize>> = Vec::new();
    // Nothing is to be compared with sets that lack none of the languages.
    for set in named.iter().filter(|set| open(set)) {
        let mut numbers = BTreeMap::new();
        for (language, file) in set {
            let loaded = documents::load(file, Reading { from: Some(*language), ..Reading::default() });
            let text = loaded.map(|loaded| loaded.document.text).unwrap_or_else(|error| {
                failed.push(error);
                String::new()
            });
            numbers.insert(*language, put(*language, file.clone(), text));
        }
        sets.push(numbers);
    }
    for Text { file, language, text } in left {
        put(language, file, text);
    }
    let languages: BTreeSet<Language> = files.keys().copied().collect();
    let evidence = known.evidence(&languages)?;
    watch.begin("pairing", languages.len() * languages.len().saturating_sub(1) / 2);
    let texts = texts.iter().map(|(l, list)| (*l, list.iter().map(String::as_str).collect())).collect();
    let collection = Collection::new(&texts, &sets, &evidence, &|| watch.step());
    let path = |(language, at): File| files[&language][at].clone();
    let mut groups = collection.groups().into_iter().map(|group| Paired {
        files: group.files.iter().map(|(language, at)| (*language, path((*language, *at)))).collect(),
        score: group.score,
        why: group.why.map(|why| match why {
            Why::NoOther => Alone::NoOther,
            Why::Unlike => Alone::Unlike,
            Why::Figures { near, here, there } => Alone::Figures { near: path(near), here, there },
            Why::Taken { near, by } => Alone::Taken { near: path(near), by: path(by) },
            Why::SameText { other } => Alone::SameText(path(other)),
            Why::Unsure { near } => Alone::Unsure(path(near)),
        }),
    });
    let mut out = Vec::new();
    for set in named {
        let joined = if open(set) { groups.next() } else { None };
        out.push(joined.unwrap_or_else(|| Paired { files: set.clone(), score: 1.0, why: None }));
    }
    out.extend(groups);
    Ok(out)
}

/// A set that the content of files made, or that a file joined by its content.
#[derive(Debug, Clone, PartialEq)]
pub struct ByContent {
    pub set: String,
    pub files: Vec<PathBuf>,
    pub score: f32,
}

impl fmt::Display for ByContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files: Vec<String> = self.files.iter().map(|file| file.display().to_string()).collect();
        write!(f, "paired by content: {} ({:.2})", files.join(" + "), self.score)
    }
}

/// Makes sets of the files of `folder` that `found` passed over, where their content is [`SURE`]; what stays
/// passed over is said with the reason.
pub(super) fn complete(
    found: &mut Found,
    folder: &Path,
    known: Known<'_>,
    watch: &dyn Watch,
) -> Result<Vec<ByContent>, MemoryError> {
    let mut left = Vec::new();
    let mut rest = Vec::new();
    for passed_over in std::mem::take(&mut found.passed_over) {
        match &passed_over {
            PassedOver::Alone(file) | PassedOver::NoLanguage(file) => left.push((file.clone(), passed_over)),
            _ => rest.push(passed_over),
        }
    }
    let mut pairs = Pairs::default();
    let texts = read(left.iter().map(|(file, _)| file.clone()).collect(), &mut pairs);
    let languages: BTreeSet<Language> = texts.iter().map(|text| text.language).collect();
    let joins = |set: &Set| languages.iter().any(|language| !set.files.contains_key(language));
    let mut told = Vec::new();
    let of_group = |group: Paired| {
        let why = group.why;
        group.files.into_values().filter_map(move |file| Some((file, why.clone()?)))
    };
    let mut why: BTreeMap<PathBuf, Alone> = std::mem::take(&mut pairs.groups).into_iter().flat_map(of_group).collect();
    if languages.len() > 1 || (!languages.is_empty() && found.sets.iter().any(joins)) {
        let named: Vec<BTreeMap<Language, PathBuf>> = found.sets.iter().map(|set| set.files.clone()).collect();
        let groups = by_content(&named, texts, known, watch, &mut pairs.failed)?;
        let names = known.names()?;
        for (at, group) in groups.into_iter().enumerate() {
            let new = group.files.values().filter(|file| left.iter().any(|(left, _)| left == *file)).count();
            if group.why.is_some() {
                why.extend(of_group(group));
            } else if new > 0 && group.score < SURE {
                let doubt = |file: &PathBuf| group.files.values().find(|other| *other != file).cloned();
                why.extend(group.files.values().filter_map(|file| Some((file.clone(), Alone::Unsure(doubt(file)?)))));
            } else if new > 0 {
                left.retain(|(file, _)| !group.files.values().any(|own| own == file));
                let files: Vec<PathBuf> = in_order(&group.files).cloned().collect();
                let set = match found.sets.get_mut(at).filter(|_| at < named.len()) {
                    Some(set) => {
                        set.files = group.files;
                        set.name.clone()
                    }
                    None => {
                        let name = name(&group.files, folder, &found.sets, &names);
                        found.sets.push(Set { name: name.clone(), files: group.files });
                        name
                    }
                };
                told.push(ByContent { set, files, score: group.score });
            }
        }
        sets::sort(&mut found.sets);
    }
    found.passed_over = rest;
    for (file, passed_over) in left {
        found.passed_over.push(match why.remove(&file) {
            None | Some(Alone::NoOther | Alone::Unlike) => passed_over,
            Some(reason) => PassedOver::Unpaired { file, reason },
        });
    }
    Ok(told)
}

/// The files of a set as people list them: the one that leads first.
fn in_order(files: &BTreeMap<Language, PathBuf>) -> impl Iterator<Item = &PathBuf> {
    let lead = lang::lead(files.keys().copied());
    let rest = files.iter().filter(move |(language, _)| Some(**language) != lead).map(|(_, file)| file);
    lead.and_then(|lead| files.get(&lead)).into_iter().chain(rest)
}

/// A name for files whose names differ: the one the memory has for any of them, so that a set keeps its name when a
/// text in another language joins it; else that of the leading text.
fn name(files: &BTreeMap<Language, PathBuf>, folder: &Path, sets: &[Set], known: &BTreeSet<String>) -> String {
    let stem = |file: &PathBuf| {
        let stem = sets::named(file).map_or_else(|| file.with_extension(""), |(stem, _)| stem);
        sets::name_below(&stem, Some(folder))
    };
    let free = |name: &String| sets.iter().all(|set| set.name != *name);
    let stems: Vec<String> = in_order(files).map(stem).collect();
    let whole = || in_order(files).map(|file| sets::name_below(file, Some(folder)));
    let kept = stems.iter().find(|name| known.contains(*name) && free(name)).cloned();
    kept.or_else(|| stems.iter().cloned().chain(whole()).find(free)).unwrap_or_else(|| stems.join("+"))
}

/// Files of one name in different folders, one a language: `english/001.en.txt` and `azeri/001.az.txt`. What is
/// not so clear is left to the content.
fn across_folders(passed_over: Vec<PassedOver>) -> (Vec<BTreeMap<Language, PathBuf>>, Vec<PassedOver>) {
    let mut by_stem: BTreeMap<OsString, Vec<(Language, PathBuf)>> = BTreeMap::new();
    let mut rest = Vec::new();
    for passed_over in passed_over {
        match &passed_over {
            PassedOver::Alone(file) => match sets::named(file) {
                Some((stem, language)) if stem.file_name().is_some() => {
                    let stem = stem.file_name().unwrap_or_default().to_owned();
                    by_stem.entry(stem).or_default().push((language, file.clone()));
                }
                _ => rest.push(passed_over),
            },
            _ => rest.push(passed_over),
        }
    }
    let mut groups = Vec::new();
    for files in by_stem.into_values() {
        let languages: BTreeSet<Language> = files.iter().map(|(language, _)| *language).collect();
        if files.len() > 1 && languages.len() == files.len() {
            groups.push(files.into_iter().collect());
        } else {
            rest.extend(files.into_iter().map(|(_, file)| PassedOver::Alone(file)));
        }
    }
    (groups, rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Unwatched;
    use std::fs;

    const NOTHING: Known<'static> = Known { concepts: None, memory: None };

    #[test]
    fn names_first_then_content() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            path
        };
        let (a_en, a_az) = (put("en/a.txt", "Anything at all."), put("az/a.txt", "Nə olsa."));
        let en = put("en/b.txt", "The ambassador of Georgia, Zurab Pataradze, came on 12 May 2019.");
        let az = put("az/zzz.txt", "Gürcüstanın səfiri Zurab Pataradze 12 may 2019-cu ildə gəlib.");
        let lonely = put("az/c.txt", "Yağış yağır, külək əsir.");
        let found = pair(&[folder.path().join("en"), folder.path().join("az")], NOTHING, false, &Unwatched).unwrap();
        let groups: Vec<Vec<&PathBuf>> = found.groups.iter().map(|g| g.files.values().collect()).collect();
        assert_eq!(groups, [vec![&a_az, &a_en], vec![&az, &en], vec![&lonely]]);
        assert_eq!(found.groups[0].score, 1.0);
        assert!(found.groups[1].score > 0.5);
    }

    #[test]
    fn a_text_in_another_language_than_its_name_says_is_nobodys_counterpart() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        put("a.en.txt", "The ambassador of Georgia, Zurab Pataradze, came to Baku on 12 May 2019.");
        put("b.az.txt", "Посол Грузии Зураб Патарадзе прибыл в Баку 12 мая 2019 года.");
        let found = pair(&[folder.path().to_owned()], NOTHING, false, &Unwatched).unwrap();
        let why = Alone::Language { named: Language::AZ, written: Language::RU };
        assert_eq!(found.groups.iter().map(|group| group.files.len()).collect::<Vec<_>>(), [1, 1]);
        assert_eq!(found.groups[1].why, Some(why));
    }

    #[test]
    fn one_name_in_different_folders() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            path
        };
        let en = put("english/001.en.txt", "The rain stopped.");
        let az = put("azeri/001.az.txt", "Yeni qaydalar.");
        let broken = put("azeri/002.az.txt", "\u{0}\u{1}");
        let folders = [folder.path().join("english"), folder.path().join("azeri")];
        let found = pair(&folders, NOTHING, false, &Unwatched).unwrap();
        assert_eq!(found.groups.len(), 1);
        assert_eq!(found.groups[0].files, BTreeMap::from([(Language::EN, en), (Language::AZ, az)]));
        assert!(found.failed[0].to_string().contains(broken.to_str().unwrap()));
    }

    #[test]
    fn without_any_names_the_texts_tell_their_languages() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let ru = put("1.txt", "Посол Грузии Зураб Патарадзе прибыл в Баку 12 мая 2019 года.");
        let en = put("2.txt", "The ambassador of Georgia, Zurab Pataradze, came to Baku on 12 May 2019.");
        let found = pair(&[folder.path().to_owned()], NOTHING, false, &Unwatched).unwrap();
        assert_eq!(found.groups.len(), 1);
        assert_eq!(found.groups[0].files, BTreeMap::from([(Language::EN, en), (Language::RU, ru)]));
    }
}
