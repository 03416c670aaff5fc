//! Finding sets: the files of one text in two or more languages, told by their names.

use super::{pair::Alone, sift::Reason};
use crate::lang::Language;
use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

/// The files of one text, one a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// The files' common name below the folder searched, with `/` between folders: `2024/017`.
    pub name: String,
    pub files: BTreeMap<Language, PathBuf>,
}

/// What a search found: sets of two or more languages, and what was passed over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// In natural order of their names: `2` before `10`.
    pub sets: Vec<Set>,
    pub passed_over: Vec<PassedOver>,
}

/// A file that is in no set, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PassedOver {
    #[error("{}: passed over, its name tells no language (NAME.en.txt or en/NAME.txt would)", .0.display())]
    NoLanguage(PathBuf),
    #[error("{}: passed over, it has no counterpart in another language", .0.display())]
    Alone(PathBuf),
    #[error("{}: passed over, {} is the {} text of this set already", .file.display(), .taken.display(), .language.name())]
    Doubled { file: PathBuf, taken: PathBuf, language: Language },
    #[error("{}: left out of the set `{set}`, {reason}", .file.display())]
    Refused { set: String, language: Language, file: PathBuf, reason: Reason },
    #[error("{}: passed over, {reason}", .file.display())]
    Unpaired { file: PathBuf, reason: Alone },
    #[error("{}: passed over, the folder cannot be read: {error}", .folder.display())]
    Unreadable { folder: PathBuf, error: String },
}

impl PassedOver {
    /// The user takes it for a part of a set: something is wrong with what was given.
    pub fn is_refused(&self) -> bool {
        matches!(self, PassedOver::Refused { .. })
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SetsError {
    #[error("{}: there is no such folder", .0.display())]
    Missing(PathBuf),
    #[error("{}: this is a file, not a folder", .0.display())]
    NotAFolder(PathBuf),
    #[error("{}: the folder cannot be read: {error}", .folder.display())]
    Unreadable { folder: PathBuf, error: io::Error },
}

/// Endings of files that may be documents; a language may stand in place of the ending (`001.en`).
const DOCUMENT_ENDINGS: &[&str] = &["txt", "text", "md", "markdown", "html", "htm", "xhtml", "docx", "odt"];

/// Folders deeper than this are not searched.
const MAX_DEPTH: usize = 16;

/// ISO 639-1: what counts as a language in a file's name, beside every language with rows. Anything more
/// lenient would take `old` in `news.old.txt` for one.
const TWO_LETTER_CODES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs \
    cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id \
    ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk \
    ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg \
    si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi \
    yo za zh zu";

/// A language tag as a part of a file's name: `en`, `az-Latn`, `aze`; not any word that would parse as one.
fn language_in_name(part: &str) -> Option<Language> {
    let language: Language = part.parse().ok()?;
    let primary = language.as_str().split('-').next().unwrap_or_default();
    let known = language.row().is_some() || TWO_LETTER_CODES.split_ascii_whitespace().any(|code| code == primary);
    known.then_some(language)
}

/// The name and language a path tells: `STEM.LANG.EXT`, `STEM.LANG`, or `LANG/STEM.EXT`.
///
/// The name of `LANG/STEM.EXT` is `STEM` beside the folder `LANG`, so that `en/7.txt` and `az/7.txt` share it.
pub fn named(path: &Path) -> Option<(PathBuf, Language)> {
    let file = path.file_name()?.to_string_lossy().into_owned();
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut parts = file.rsplitn(3, '.');
    let (last, middle, first) = (parts.next()?, parts.next(), parts.next());
    if let (Some(middle), Some(first)) = (middle, first)
        && !first.is_empty()
        && let Some(language) = language_in_name(middle)
    {
        return Some((folder.join(first), language));
    }
    if let Some(middle) = middle
        && !middle.is_empty()
        && !DOCUMENT_ENDINGS.contains(&last.to_ascii_lowercase().as_str())
        && let Some(language) = language_in_name(last)
    {
        let stem = first.map_or_else(|| middle.to_owned(), |first| format!("{first}.{middle}"));
        return Some((folder.join(stem), language));
    }
    let language = language_in_name(folder.file_name()?.to_str()?)?;
    let stem = file.strip_suffix(&format!(".{last}")).filter(|stem| !stem.is_empty()).unwrap_or(&file);
    Some((folder.parent().unwrap_or(Path::new("")).join(stem), language))
}

/// The sets in `folder` and the folders below it.
pub fn find(folder: &Path) -> Result<Found, SetsError> {
    match fs::metadata(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(SetsError::Missing(folder.to_owned())),
        Err(error) => return Err(SetsError::Unreadable { folder: folder.to_owned(), error }),
        Ok(metadata) if !metadata.is_dir() => return Err(SetsError::NotAFolder(folder.to_owned())),
        Ok(_) => {}
    }
    let mut files = Vec::new();
    let mut unreadable = Vec::new();
    list(folder, 0, &mut files, &mut unreadable)
        .map_err(|error| SetsError::Unreadable { folder: folder.to_owned(), error })?;
    let mut found = group(&files, Some(folder));
    found.passed_over.extend(unreadable);
    Ok(found)
}

/// The sets that `files` make up, named from the last folder they share.
pub fn of_files(files: &[PathBuf]) -> Found {
    let mut common: Option<&Path> = files.first().and_then(|file| file.parent());
    for file in files {
        common = common.and_then(|c| c.ancestors().find(|a| file.starts_with(a)));
    }
    // `en/7.txt az/7.txt` may be given from inside the folder that holds both.
    group(files, common.filter(|c| !c.as_os_str().is_empty()))
}

fn list(folder: &Path, depth: usize, files: &mut Vec<PathBuf>, unreadable: &mut Vec<PassedOver>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with(['.', '~']) {
            continue; // hidden files, and the lock files word processors leave
        }
        let kind = entry.file_type()?;
        if kind.is_dir() && depth < MAX_DEPTH {
            if let Err(error) = list(&path, depth + 1, files, unreadable) {
                unreadable.push(PassedOver::Unreadable { folder: path, error: error.to_string() });
            }
        } else if !kind.is_dir() && may_be_document(&path) {
            files.push(path);
        }
    }
    Ok(())
}

fn may_be_document(path: &Path) -> bool {
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    DOCUMENT_ENDINGS.contains(&ending.to_ascii_lowercase().as_str()) || language_in_name(ending).is_some()
}

fn group(files: &[PathBuf], folder: Option<&Path>) -> Found {
    let mut found = Found::default();
    let mut by_name: BTreeMap<PathBuf, BTreeMap<Language, PathBuf>> = BTreeMap::new();
    let mut files = files.to_vec();
    files.sort_unstable();
    files.dedup();
    for file in files {
        let Some((name, language)) = named(&file) else {
            found.passed_over.push(PassedOver::NoLanguage(file));
            continue;
        };
        let set = by_name.entry(name).or_default();
        match set.get(&language) {
            Some(taken) => found.passed_over.push(PassedOver::Doubled { file, taken: taken.clone(), language }),
            None => drop(set.insert(language, file)),
        }
    }
    for (name, files) in by_name {
        if files.len() < 2 {
            found.passed_over.extend(files.into_values().map(PassedOver::Alone));
            continue;
        }
        found.sets.push(Set { name: name_below(&name, folder), files });
    }
    sort(&mut found.sets);
    found
}

/// A set's name from where its files lie below `folder`, with `/` between folders.
pub(super) fn name_below(stem: &Path, folder: Option<&Path>) -> String {
    let below = folder.and_then(|folder| stem.strip_prefix(folder).ok()).unwrap_or(stem);
    below.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Puts sets in natural order of their names.
pub(super) fn sort(sets: &mut [Set]) {
    sets.sort_by(|a, b| natural(&a.name).cmp(&natural(&b.name)));
}

/// A stretch of a name: numbers sort by value, and before words.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Number(u128),
    Word(String),
}

/// A key under which `2` sorts before `10`.
pub(super) fn natural(name: &str) -> (Vec<Part>, &str) {
    let mut parts = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        parts.push(match digits {
            true => Part::Number(part.parse().unwrap_or(u128::MAX)),
            false => Part::Word(part.to_owned()),
        });
        rest = after;
    }
    (parts, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(path: &str) -> Option<(String, String)> {
        named(Path::new(path)).map(|(name, language)| (name.to_string_lossy().into_owned(), language.to_string()))
    }

    #[test]
    fn names_tell_languages() {
        for (path, stem, language) in [
            ("releases/001.en.txt", "releases/001", "en"),
            ("x/Şamaxı tədbiri.az.md", "x/Şamaxı tədbiri", "az"),
            ("d001.ru", "d001", "ru"),
            ("a.b.ru", "a.b", "ru"),
            ("en/7.txt", "7", "en"),
            ("2024/az-Latn/7.txt", "2024/7", "az"),
            ("az/7.ru.txt", "az/7", "ru"),
            ("release.2024.en.docx", "release.2024", "en"),
        ] {
            assert_eq!(name(path), Some((stem.to_owned(), language.to_owned())), "{path}");
        }
        for path in ["README.md", "news.old.txt", "notes/7.txt", "report.final.txt", ".en.txt", "en"] {
            assert_eq!(name(path), None, "{path}");
        }
    }

    #[test]
    fn sets_are_found_and_the_rest_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "x").unwrap();
            path
        };
        for file in ["10.en.txt", "10.az.txt", "2.en.txt", "2.ru.txt", "2.az.md", "old/en/a.txt", "old/ru/a.txt"] {
            put(file);
        }
        let doubled = put("2.az.txt");
        let alone = put("3.en.txt");
        let readme = put("README.md");
        put("memory.db");
        put(".hidden.en.txt");
        let found = find(folder.path()).unwrap();
        let sets: Vec<(&str, Vec<&str>)> =
            found.sets.iter().map(|s| (s.name.as_str(), s.files.keys().map(Language::as_str).collect())).collect();
        assert_eq!(sets, [("2", vec!["az", "en", "ru"]), ("10", vec!["az", "en"]), ("old/a", vec!["en", "ru"])]);
        assert_eq!(found.passed_over.len(), 3);
        assert!(found.passed_over.contains(&PassedOver::NoLanguage(readme)));
        assert!(found.passed_over.contains(&PassedOver::Alone(alone)));
        let taken = folder.path().join("2.az.md");
        assert!(found.passed_over.contains(&PassedOver::Doubled { file: doubled, taken, language: Language::AZ }));
    }

    #[test]
    fn folders_that_are_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x");
        fs::write(&file, "").unwrap();
        assert!(matches!(find(&file), Err(SetsError::NotAFolder(_))));
        assert!(matches!(find(&folder.path().join("y")), Err(SetsError::Missing(_))));
        assert_eq!(find(folder.path()).unwrap(), Found::default(), "a file that is no document is not spoken of");
    }

    #[test]
    fn files_given_make_sets() {
        let files = ["in/en/7.txt", "in/az/7.txt"].map(PathBuf::from);
        let found = of_files(&files);
        assert_eq!(found.sets.len(), 1);
        assert_eq!(found.sets[0].name, "7");
        let files = ["7.en.txt", "7.az.txt"].map(PathBuf::from);
        assert_eq!(of_files(&files).sets[0].name, "7");
    }
}
