//! Pairing: which files are counterparts, by their names where these tell, else by their content.

use super::{
    documents::{self, LoadError, Reading},
    sets::{self, PassedOver, SetsError},
};
use crate::{
    Language,
    align::{Evidence, pairing},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    path::PathBuf,
};

#[derive(Debug, thiserror::Error)]
pub enum PairError {
    #[error(transparent)]
    Sets(#[from] SetsError),
}

/// Files that are one text, or one file without counterpart.
#[derive(Debug, Clone, PartialEq)]
pub struct Paired {
    pub files: BTreeMap<Language, PathBuf>,
    /// How sure, 0 to 1; 1 where the names said it.
    pub score: f32,
}

/// What pairing found, and what it passed over.
#[derive(Debug, Default)]
pub struct Pairs {
    pub groups: Vec<Paired>,
    pub passed_over: Vec<PassedOver>,
    /// Files that could not be read.
    pub failed: Vec<LoadError>,
}

/// Pairs the files given and those in the folders given: by name first, what is left by content.
pub fn pair(paths: &[PathBuf], evidence: &Evidence) -> Result<Pairs, PairError> {
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
    let by_name = sets::of_files(&files);
    out.groups.extend(by_name.sets.into_iter().map(|set| Paired { files: set.files, score: 1.0 }));
    let (across, rest) = across_folders(by_name.passed_over);
    out.groups.extend(across);
    let mut left: BTreeMap<Language, Vec<(PathBuf, String)>> = BTreeMap::new();
    for passed_over in rest {
        match passed_over {
            PassedOver::Alone(file) | PassedOver::Doubled { file, .. } | PassedOver::NoLanguage(file) => {
                let from = sets::named(&file).map(|(_, language)| language);
                match documents::load(&file, Reading { from, ..Reading::default() }) {
                    Ok(loaded) => {
                        left.entry(loaded.document.language).or_default().push((file, loaded.document.text));
                    }
                    Err(error) => out.failed.push(error),
                }
            }
            unreadable => out.passed_over.push(unreadable),
        }
    }
    let texts = left.iter().map(|(l, list)| (*l, list.iter().map(|(_, text)| text.clone()).collect())).collect();
    for group in pairing::counterparts(&texts, evidence) {
        let files = group.files.iter().map(|(language, at)| (*language, left[language][*at].0.clone())).collect();
        out.groups.push(Paired { files, score: group.score });
    }
    Ok(out)
}

/// Files of one name in different folders, one a language: `english/001.en.txt` and `azeri/001.az.txt`. What is
/// not so clear is left to the content.
fn across_folders(passed_over: Vec<PassedOver>) -> (Vec<Paired>, Vec<PassedOver>) {
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
            groups.push(Paired { files: files.into_iter().collect(), score: 1.0 });
        } else {
            rest.extend(files.into_iter().map(|(_, file)| PassedOver::Alone(file)));
        }
    }
    (groups, rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

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
        let found = pair(&[folder.path().join("en"), folder.path().join("az")], &Evidence::default()).unwrap();
        let groups: Vec<Vec<&PathBuf>> = found.groups.iter().map(|g| g.files.values().collect()).collect();
        assert_eq!(groups, [vec![&a_az, &a_en], vec![&az, &en], vec![&lonely]]);
        assert_eq!(found.groups[0].score, 1.0);
        assert!(found.groups[1].score > 0.5);
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
        let found = pair(&folders, &Evidence::default()).unwrap();
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
        let found = pair(&[folder.path().to_owned()], &Evidence::default()).unwrap();
        assert_eq!(found.groups.len(), 1);
        assert_eq!(found.groups[0].files, BTreeMap::from([(Language::EN, en), (Language::RU, ru)]));
    }
}
