//! Pairing: which files are counterparts, by their names where these tell, else by their content.

use super::{
    documents::{self, LoadError, Reading},
    sets::{self, PassedOver, SetsError},
};
use crate::{
    Language,
    align::{Evidence, pairing},
};
use std::{collections::BTreeMap, path::PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum PairError {
    #[error(transparent)]
    Sets(#[from] SetsError),
    #[error(transparent)]
    Load(#[from] LoadError),
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
    let mut left: BTreeMap<Language, Vec<(PathBuf, String)>> = BTreeMap::new();
    for passed_over in by_name.passed_over {
        match passed_over {
            PassedOver::Alone(file) | PassedOver::Doubled { file, .. } | PassedOver::NoLanguage(file) => {
                let from = sets::named(&file).map(|(_, language)| language);
                let document = documents::load(&file, Reading { from, lines: false })?.document;
                left.entry(document.language).or_default().push((file, document.text));
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
