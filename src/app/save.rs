//! Files written whole: beside their place, then renamed to it.

use std::{
    fs,
    io::{self, BufRead, BufWriter, Seek, Write},
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// Writes `bytes` to `path`; a file that was there stays as it was until the new one is whole.
///
/// # Errors
/// A folder that is not there or cannot be written, a full disk.
pub fn save(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = Beside::new(path)?;
    file.write_all(bytes)?;
    file.put(path)
}

/// A file being written beside its place; dropped, it leaves nothing.
pub struct Beside(BufWriter<NamedTempFile>);

impl Beside {
    /// # Errors
    /// A folder that is not there or cannot be written.
    pub fn new(path: &Path) -> io::Result<Beside> {
        if path.is_dir() {
            return Err(io::Error::from(io::ErrorKind::IsADirectory));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".yaddash-");
        // A temporary file is private; a result is readable like any other file (less the umask).
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        Ok(Beside(BufWriter::new(builder.tempfile_in(folder)?)))
    }

    /// Whole now: it takes its place.
    pub fn put(self, path: &Path) -> io::Result<()> {
        placed(self.whole()?, path)
    }

    fn whole(self) -> io::Result<NamedTempFile> {
        self.0.into_inner().map_err(io::IntoInnerError::into_error)
    }
}

fn placed(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

impl Write for Beside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A file being written: it takes its place when it is whole, and only if it differs from what is there.
pub struct Draft {
    path: PathBuf,
    file: Beside,
    trial: bool,
}

impl Draft {
    /// A `trial` is never put in its place, whose folder need not be there.
    pub fn new(path: PathBuf, trial: bool) -> io::Result<Draft> {
        let file = if trial { Beside(BufWriter::new(NamedTempFile::new()?)) } else { Beside::new(&path)? };
        Ok(Draft { path, file, trial })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts the file in its place.
    pub fn settle(self) -> io::Result<Change> {
        let file = self.file.whole()?;
        let change = match fs::File::open(&self.path) {
            Ok(known) if same(&known, file.as_file())? => return Ok(Change::None),
            Ok(_) => Change::Updated,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Change::New,
            Err(error) => return Err(error),
        };
        if !self.trial {
            placed(file, &self.path)?;
        }
        Ok(change)
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// What became of a file, or would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    New,
    Updated,
    /// It was there as it is.
    None,
}

fn same(known: &fs::File, mut new: &fs::File) -> io::Result<bool> {
    if known.metadata()?.len() != new.metadata()?.len() {
        return Ok(false);
    }
    new.rewind()?;
    let (mut known, mut new) = (io::BufReader::new(known), io::BufReader::new(new));
    loop {
        let (a, b) = (known.fill_buf()?, new.fill_buf()?);
        let size = a.len().min(b.len());
        if size == 0 || a[..size] != b[..size] {
            return Ok(a.is_empty() && b.is_empty());
        }
        known.consume(size);
        new.consume(size);
    }
}

/// Whether the two name one file that is there.
pub fn is_same(a: &Path, b: &Path) -> bool {
    a == b || fs::canonicalize(a).is_ok_and(|a| fs::canonicalize(b).is_ok_and(|b| a == b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        save(&path, b"one").unwrap();
        save(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(save(folder.path(), b"x").unwrap_err().kind(), io::ErrorKind::IsADirectory);
        assert_eq!(save(&folder.path().join("none/a.txt"), b"x").unwrap_err().kind(), io::ErrorKind::NotFound);
        assert!(is_same(&path, &folder.path().join("./a.txt")) && !is_same(&path, &folder.path().join("b.txt")));
    }

    #[test]
    fn a_draft_takes_its_place_if_it_says_something_new() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let draft = |text: &str, trial| {
            let mut draft = Draft::new(path.clone(), trial).unwrap();
            draft.write_all(text.as_bytes()).unwrap();
            draft.settle().unwrap()
        };
        assert_eq!(draft("one", true), Change::New);
        assert!(!path.exists());
        assert_eq!((draft("one", false), draft("one", false)), (Change::New, Change::None));
        assert_eq!((draft("two", true), fs::read(&path).unwrap()), (Change::Updated, b"one".to_vec()));
        assert_eq!((draft("two", false), fs::read(&path).unwrap()), (Change::Updated, b"two".to_vec()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
