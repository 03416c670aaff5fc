//! Which memories a command line names: `office.db`, `archive.db:-5`.

use crate::{app::lookup::Asked, lookup::Score};
use std::{ffi::OsString, path::Path};

/// `FILE`, or `FILE:-POINTS`. A file that is there by the whole name is meant by it.
pub(super) fn asked(word: OsString) -> Result<Asked, String> {
    let whole = || Asked { path: (&word).into(), penalty: Score::default() };
    let parts = word.to_str().and_then(|word| word.rsplit_once(":-"));
    let Some((file, points)) = parts.filter(|(file, points)| {
        !file.is_empty() && points.starts_with(|c: char| c.is_ascii_digit()) && !Path::new(&word).exists()
    }) else {
        return match word.is_empty() {
            true => Err("the name of the memory is empty".into()),
            false => Ok(whole()),
        };
    };
    Ok(Asked { path: file.into(), penalty: self::points(points)? })
}

/// What a match is worth less: 0 to 100, a tenth at the least.
pub(super) fn points(text: &str) -> Result<Score, String> {
    match text.parse::<f64>() {
        Ok(points) if (0.0..=100.0).contains(&points) => Ok(Score::from_percent(points)),
        _ => Err(format!("a penalty is a number from 0 to 100, not `{text}`")),
    }
}

/// The memories of a variable of the environment, which holds one word for all: parted by `;`.
pub(super) fn listed(word: OsString) -> Result<Vec<Asked>, String> {
    match word.to_str() {
        Some(text) if text.contains(';') && !Path::new(text).exists() => {
            text.split(';').filter(|part| !part.is_empty()).map(|part| asked(part.into())).collect()
        }
        _ => Ok(vec![asked(word)?]),
    }
}

/// What is said of a memory that does not exist: it has no matches.
pub(super) fn missing(path: &Path) -> String {
    format!("{}: there is no such memory; `yaddash run` and `yaddash import` make one", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(word: &str) -> Result<(String, String), String> {
        asked(word.into()).map(|asked| (asked.path.to_str().unwrap().to_owned(), asked.penalty.to_string()))
    }

    #[test]
    fn a_penalty_follows_the_name() {
        for (word, path, points) in [
            ("office.db", "office.db", "0"),
            ("b.db:-5", "b.db", "5"),
            ("b.db:-2.5", "b.db", "2.5"),
            ("b.db:-0", "b.db", "0"),
            (r"C:\x.db", r"C:\x.db", "0"),
            (r"C:\x.db:-10", r"C:\x.db", "10"),
            ("a:b.db", "a:b.db", "0"),
            ("a:-b.db", "a:-b.db", "0"),
            (":-5", ":-5", "0"),
            ("2024:-draft:-3", "2024:-draft", "3"),
        ] {
            assert_eq!(told(word), Ok((path.to_owned(), points.to_owned())), "{word}");
        }
        assert!(told("b.db:-101").unwrap_err().contains("not `101`"));
        assert!(told("b.db:-5x").unwrap_err().contains("not `5x`"));
        assert!(told("").is_err());
    }

    #[test]
    fn a_file_that_is_there_is_meant_by_its_whole_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x:-5");
        std::fs::write(&path, "").unwrap();
        assert_eq!(told(path.to_str().unwrap()).unwrap().1, "0");
        let listed = listed("a.db;b.db:-5".into()).unwrap();
        assert_eq!(listed.iter().map(|a| a.penalty.to_string()).collect::<Vec<_>>(), ["0", "5"]);
        assert_eq!(super::listed("a.db".into()).unwrap().len(), 1);
    }
}
