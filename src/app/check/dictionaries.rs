//! Hunspell dictionaries from files.

use crate::app::in_words;
use crate::lang::Language;
use crate::qa::Dictionaries;
use std::{fs, io, path::PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum DictionaryError {
    #[error("{}: {}", path.display(), in_words(error))]
    Read { path: PathBuf, error: io::Error },
    #[error("{}: this is no Hunspell dictionary: {what}", path.display())]
    Unsound { path: PathBuf, what: String },
}

/// Reads dictionaries (`az.dic`), each with the file of endings beside it (`az.aff`), in UTF-8.
///
/// # Errors
/// A file that cannot be read, or is no dictionary.
pub fn dictionaries(files: &[(Language, PathBuf)]) -> Result<Dictionaries, DictionaryError> {
    let text = |path: PathBuf| fs::read_to_string(&path).map_err(|error| DictionaryError::Read { path, error });
    let mut out = Dictionaries::default();
    for (language, path) in files {
        let (words, endings) = (text(path.with_extension("dic"))?, text(path.with_extension("aff"))?);
        let unsound = |what| DictionaryError::Unsound { path: path.clone(), what };
        out.add(*language, &words, &endings).map_err(unsound)?;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_must_be_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("en.dic");
        fs::write(&path, "1\nmigrant\n").unwrap();
        let error = dictionaries(&[(Language::EN, path.clone())]).unwrap_err().to_string();
        assert!(error.ends_with("en.aff: there is no such file"), "{error}");
        fs::write(path.with_extension("aff"), "SET UTF-8\n").unwrap();
        assert!(dictionaries(&[(Language::EN, path)]).is_ok());
    }
}
