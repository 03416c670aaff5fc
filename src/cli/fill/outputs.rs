//! Where the files of a command that writes several go.

use crate::{
    app::{
        save::{is_same, save},
        sets,
    },
    cli::{CliError, Desk, is_memory},
    lang::Language,
};
use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// The places of outputs, none twice.
pub(super) struct Outputs {
    to: To,
    taken: BTreeSet<PathBuf>,
    /// Files that are read: never written.
    kept: Vec<PathBuf>,
}

enum To {
    Stdout,
    File(PathBuf),
    Folder(PathBuf),
    /// A folder a language in it.
    Folders(PathBuf),
}

impl Outputs {
    /// `named` by the user, for so many files. What is no text goes to a file only.
    pub fn new(named: Option<&Path>, count: usize, folders: bool, text: bool) -> Result<Outputs, CliError> {
        let to = match named.filter(|path| *path != Path::new("-")) {
            Some(path) if folders => To::Folders(path.to_owned()),
            Some(path) if count > 1 || path.is_dir() || path.to_string_lossy().ends_with(['/', '\\']) => {
                if path.is_file() {
                    let error = CliError::new(format_args!("{}: {count} files cannot go into one", path.display()));
                    return Err(error.hint("name a folder with `-o`"));
                }
                To::Folder(path.to_owned())
            }
            Some(path) => To::File(path.to_owned()),
            None if count > 1 => {
                return Err(CliError::new(format_args!("{count} files cannot go to standard output"))
                    .hint("name a folder with `-o`"));
            }
            None if !text => {
                return Err(CliError::new("this is no text for standard output").hint("name a file with `-o`"));
            }
            None => To::Stdout,
        };
        Ok(Outputs { to, taken: BTreeSet::new(), kept: Vec::new() })
    }

    pub fn keep_off<'p>(&mut self, files: impl Iterator<Item = &'p PathBuf>) {
        self.kept.extend(files.cloned());
    }

    /// Where a file of this name goes; `None` for standard output.
    ///
    /// # Errors
    /// A place that is taken, or that of a file that is read.
    pub fn place(&mut self, name: &str, language: Language) -> Result<Option<PathBuf>, CliError> {
        let path = match &self.to {
            To::Stdout => return Ok(None),
            To::File(path) => path.clone(),
            To::Folder(folder) => folder.join(name),
            To::Folders(folder) => folder.join(language.as_str()).join(name),
        };
        if self.kept.iter().any(|kept| is_same(kept, &path)) {
            let error = CliError::new(format_args!("{}: this is one of the files given", path.display()));
            return Err(error.hint("write to another file: sources are never overwritten"));
        }
        if !self.taken.insert(path.clone()) {
            let error = CliError::new(format_args!("{}: two of the files given would go there", path.display()));
            return Err(error.hint("fill them one by one"));
        }
        Ok(Some(path))
    }

    pub fn write(&self, desk: &mut Desk, place: Option<&Path>, bytes: &[u8]) -> Result<(), CliError> {
        let Some(path) = place else { return Ok(desk.ui.write_all(bytes)?) };
        if desk.global.memories.iter().any(|asked| is_memory(path, &asked.path)) {
            let error = CliError::new(format_args!("{}: this is the memory itself", path.display()));
            return Err(error.hint("write the results to another file"));
        }
        if let (To::Folder(_) | To::Folders(_), Some(folder)) = (&self.to, path.parent()) {
            fs::create_dir_all(folder).map_err(|error| CliError::io(folder, &error))?;
        }
        save(path, bytes).map_err(|error| CliError::io(path, &error))
    }
}

/// `001.en.docx` in another language and form: `001.az.xlf`.
pub(super) fn renamed(name: &str, to: Language, ending: &str) -> String {
    let bare = || name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
    let stem = sets::named(Path::new(name)).map_or_else(bare, |(stem, _)| stem.to_string_lossy().into_owned());
    let stem = if stem.is_empty() { name.to_owned() } else { stem };
    format!("{stem}.{to}.{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_another_language() {
        for (name, want) in [
            ("001.en.docx", "001.az.xlf"),
            ("001.docx", "001.az.xlf"),
            ("001.en", "001.az.xlf"),
            ("press release.v2.html", "press release.v2.az.xlf"),
            ("001", "001.az.xlf"),
        ] {
            assert_eq!(renamed(name, Language::AZ, "xlf"), want, "{name}");
        }
    }

    #[test]
    fn no_file_is_written_twice_and_no_source_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("a.az.txt");
        fs::write(&source, "x").unwrap();
        let mut outputs = Outputs::new(Some(folder.path()), 1, false, true).unwrap();
        outputs.keep_off([&source].into_iter());
        assert!(outputs.place("a.az.txt", Language::AZ).unwrap_err().message.contains("one of the files given"));
        assert_eq!(outputs.place("b.xlf", Language::AZ).unwrap(), Some(folder.path().join("b.xlf")));
        assert!(outputs.place("b.xlf", Language::AZ).unwrap_err().message.contains("two of the files"));
        assert!(Outputs::new(None, 2, false, true).is_err() && Outputs::new(None, 1, false, false).is_err());
        assert!(Outputs::new(Some(&source), 2, false, true).is_err());
        let mut jobs = Outputs::new(Some(folder.path()), 2, true, true).unwrap();
        assert_eq!(jobs.place("b.xlf", Language::RU).unwrap(), Some(folder.path().join("ru/b.xlf")));
    }
}
