//! Files written whole: beside their place, then renamed to it.

use std::{
    fs,
    io::{self, BufWriter, Write},
    path::Path,
};

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
pub struct Beside(BufWriter<tempfile::NamedTempFile>);

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
        let file = self.0.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    }
}

impl Write for Beside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
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
}
