//! `yaddash.toml`: found upwards from the working folder; every flag of every command has a key.
//!
//! The file has no list of keys of its own. Keys at its top stand for the flags common to all commands, and a
//! table `[lookup]` for the flags of `lookup`, by the same names; clap's own definitions say which there are.
//! A key is used where its flag is neither on the command line nor in the environment. Keys without a flag
//! stand in [`OTHER_KEYS`].

use super::error::CliError;
use crate::text::LineIndex;
use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint, parser::ValueSource};
use std::{
    ffi::OsString,
    fs,
    ops::Range,
    path::{Path, PathBuf},
};
use toml::de::{DeTable, DeValue};

pub const FILE_NAME: &str = "yaddash.toml";

/// Keys that are no flag: (table, key, what it sets).
pub const OTHER_KEYS: &[(&str, &str, &str)] = &[
    ("terms", "files", "glossary files used where no --terms is given, relative to yaddash.toml"),
    ("backup", "dir", "the folder backups of the memory go to, best on another disk; else yaddash-backups/ beside it"),
    ("project", "releases", "the folder of releases; else releases/"),
    ("project", "languages", "the languages a release has; else those that any release has"),
    ("gate", "level", "findings of this level and above stop a release: error, warning or info; else error"),
    ("gate", "languages", "the languages a release must have to go out"),
    ("gate", "states", "the states its languages must be in: reviewed, published, corrected and others"),
    ("gate", "stale", "stop or warn where one language was changed and others were not; else warn"),
    ("gate", "missing", "stop or warn where a language is missing that other releases have; else warn"),
    ("gate", "rules", "rules whose findings stop a release whatever their level"),
    ("project", "drafted", "the language releases are drafted in: en, az or ru"),
];

/// One key of the file with its value as the command line would spell it.
#[derive(Debug, Clone)]
struct Setting {
    /// `None` for the top of the file.
    table: Option<String>,
    key: String,
    values: Vec<String>,
    /// A switch: `true` stands for the bare flag, `false` for its absence.
    switch: Option<bool>,
    at: Range<usize>,
}

/// The configuration in force; empty where there is no file.
#[derive(Debug, Clone, Default)]
pub struct Config {
    pub path: Option<PathBuf>,
    /// The file lies in the working folder, so its paths are as good as typed.
    here: bool,
    text: String,
    settings: Vec<Setting>,
}

impl Config {
    /// The file named, else the first `yaddash.toml` in `folder` or above it.
    pub fn find(named: Option<&Path>, folder: &Path, root: &Command) -> Result<Config, CliError> {
        let path = match named {
            Some(path) => path.to_owned(),
            None => match folder.ancestors().map(|dir| dir.join(FILE_NAME)).find(|path| path.is_file()) {
                Some(path) => path,
                None => return Ok(Config::default()),
            },
        };
        let text = fs::read_to_string(&path).map_err(|error| CliError::io(&path, &error))?;
        let here = path.parent() == Some(folder);
        Config::read(path, here, text, root)
    }

    fn read(path: PathBuf, here: bool, text: String, root: &Command) -> Result<Config, CliError> {
        let mut config = Config { path: Some(path), here, text, settings: Vec::new() };
        let parsed = match DeTable::parse(&config.text) {
            Ok(parsed) => parsed.into_inner(),
            Err(error) => return Err(config.error_at(error.span().unwrap_or(0..0), error.message())),
        };
        let mut settings = Vec::new();
        for (key, value) in &parsed {
            let name = key.get_ref().as_ref();
            match value.get_ref() {
                DeValue::Table(keys) => {
                    let command = root.find_subcommand(name);
                    if command.is_none() && !OTHER_KEYS.iter().any(|(table, _, _)| *table == name) {
                        let known = root.get_subcommands().map(Command::get_name);
                        let known = known.chain(OTHER_KEYS.iter().map(|(table, _, _)| *table));
                        return Err(config.unknown(key.span(), &format!("table `[{name}]`"), name, known));
                    }
                    for (key, value) in keys {
                        settings.push(config.setting(Some(name), command, key.get_ref(), key.span(), value)?);
                    }
                }
                _ => settings.push(config.setting(None, Some(root), name, key.span(), value)?),
            }
        }
        config.settings = settings;
        Ok(config)
    }

    fn setting(
        &self,
        table: Option<&str>,
        command: Option<&Command>,
        key: &str,
        at: Range<usize>,
        value: &toml::Spanned<DeValue<'_>>,
    ) -> Result<Setting, CliError> {
        let flag = command.and_then(|command| flags(command).find(|arg| arg.get_long() == Some(key)));
        let other = OTHER_KEYS.iter().any(|(t, k, _)| Some(*t) == table && *k == key);
        if flag.is_none() && !other {
            let known = command.into_iter().flat_map(flags).filter_map(Arg::get_long);
            let known = known.chain(OTHER_KEYS.iter().filter(|(t, _, _)| Some(*t) == table).map(|(_, k, _)| *k));
            let known: Vec<&str> = known.collect();
            return Err(self.unknown(at, &format!("key `{key}`"), key, known.into_iter()));
        }
        let switch = flag.is_some_and(|arg| matches!(arg.get_action(), ArgAction::SetTrue));
        let (values, switched) = match value.get_ref() {
            DeValue::Boolean(on) if switch => (Vec::new(), Some(*on)),
            _ if switch => return Err(self.error_at(value.span(), &format!("`{key}` is `true` or `false`"))),
            DeValue::Array(items) => {
                (items.iter().map(|item| self.scalar(key, item)).collect::<Result<Vec<_>, _>>()?, None)
            }
            _ => (vec![self.scalar(key, value)?], None),
        };
        // A path is meant from the folder of the file it stands in, wherever the program is started.
        let is_path = flag.is_some_and(|arg| !matches!(arg.get_value_hint(), ValueHint::Unknown | ValueHint::Other));
        let values = match is_path {
            true => values.into_iter().map(|value| self.beside(value)).collect(),
            false => values,
        };
        Ok(Setting { table: table.map(str::to_owned), key: key.to_owned(), values, switch: switched, at: value.span() })
    }

    fn scalar(&self, key: &str, value: &toml::Spanned<DeValue<'_>>) -> Result<String, CliError> {
        Ok(match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) => number.to_string(),
            DeValue::Float(number) => number.to_string(),
            DeValue::Boolean(on) => on.to_string(),
            _ => return Err(self.error_at(value.span(), &format!("`{key}` is a text, a number or a list of these"))),
        })
    }

    /// A path as written in the file, from the file's folder; `-` and absolute paths stay.
    fn beside(&self, value: String) -> String {
        match self.path.as_deref().and_then(Path::parent) {
            Some(folder) if value != "-" && !self.here && !folder.as_os_str().is_empty() => {
                folder.join(value).to_string_lossy().into_owned()
            }
            _ => value,
        }
    }

    /// The values of a key as the file gives them: one without a flag, or one another command minds too.
    pub fn other(&self, table: &str, key: &str) -> Option<&[String]> {
        let setting = self.settings.iter().find(|s| s.table.as_deref() == Some(table) && s.key == key)?;
        Some(&setting.values)
    }

    /// `[terms] files`, as paths from the folder of the configuration.
    pub fn glossaries(&self) -> Vec<PathBuf> {
        let files = self.other("terms", "files").unwrap_or_default();
        files.iter().map(|file| PathBuf::from(self.beside(file.clone()))).collect()
    }

    /// `[project] releases`: where the releases are.
    pub fn releases(&self) -> PathBuf {
        let folder = self.other("project", "releases").and_then(<[String]>::first);
        folder.map_or_else(|| PathBuf::from("releases"), |folder| PathBuf::from(self.beside(folder.clone())))
    }

    /// `[backup] dir`.
    pub fn backup_folder(&self) -> Option<PathBuf> {
        let folder = self.other("backup", "dir")?.first()?;
        Some(PathBuf::from(self.beside(folder.clone())))
    }

    /// `arguments` with flags added for the keys that apply to the command they name.
    ///
    /// A wrong value is an error that names the key's place.
    pub fn applied(&self, root: &Command, arguments: &[OsString]) -> Result<Vec<OsString>, CliError> {
        let mut out = arguments.to_vec();
        let Ok(matches) = root.clone().try_get_matches_from(arguments) else {
            return Ok(out); // the error is clap's to tell, with or without a configuration
        };
        for setting in &self.settings {
            let Some(added) = self.flags_for(setting, root, &matches) else { continue };
            // Options may follow the positional arguments, but not a `--`.
            let end = out.iter().position(|word| word == "--").unwrap_or(out.len());
            let mut tried = out.clone();
            tried.splice(end..end, added.into_iter().map(OsString::from));
            if let Err(error) = root.clone().try_get_matches_from(&tried) {
                let text = error.to_string();
                let first = text.lines().next().unwrap_or_default();
                return Err(self.error_at(setting.at.clone(), first.trim_start_matches("error: ")));
            }
            out = tried;
        }
        Ok(out)
    }

    /// The words a setting adds to the command line, or nothing where it has no say.
    fn flags_for(&self, setting: &Setting, root: &Command, matches: &ArgMatches) -> Option<Vec<String>> {
        let (command, matches) = match &setting.table {
            None => (root, deepest(matches)),
            Some(table) => {
                let (name, inner) = matches.subcommand()?;
                (root.find_subcommand(table).filter(|_| name == table)?, inner)
            }
        };
        let flag = flags(command).find(|arg| arg.get_long() == Some(&setting.key))?;
        // A table's key may belong to a nested command only (`memory check`): then it waits for that one.
        let id = flag.get_id().as_str();
        let inner = deepest(matches);
        let holder = [inner, matches].into_iter().find(|m| m.try_contains_id(id).is_ok())?;
        if matches!(holder.value_source(id), Some(ValueSource::CommandLine | ValueSource::EnvVariable)) {
            return None;
        }
        let long = format!("--{}", setting.key);
        match setting.switch {
            Some(true) => Some(vec![long]),
            Some(false) => None,
            None if flag.get_value_delimiter().is_some() => Some(vec![format!("{long}={}", setting.values.join(","))]),
            None => Some(setting.values.iter().map(|value| format!("{long}={value}")).collect()),
        }
    }

    fn unknown<'n>(&self, at: Range<usize>, what: &str, name: &str, known: impl Iterator<Item = &'n str>) -> CliError {
        let error = self.error_at(at, &format!("there is no {what}"));
        match nearest(name, known) {
            Some(near) => error.hint(format_args!("did you mean `{near}`?")),
            None => error.hint("`yaddash help COMMAND` lists the flags; a key has the name of its flag"),
        }
    }

    fn error_at(&self, at: Range<usize>, message: &str) -> CliError {
        let path = self.path.as_deref().unwrap_or(Path::new(FILE_NAME));
        let index = LineIndex::new(&self.text);
        let place = index.position(&self.text, at.start);
        let line = index.line(&self.text, place.line).map_or("", |span| span.of(&self.text)).replace('\t', " ");
        let marked = self.text.get(at.clone()).map_or(1, |slice| slice.chars().count()).max(1);
        let width = marked.min(line.chars().count().saturating_sub(place.column - 1)).max(1);
        CliError::new(format_args!(
            "{}:{}:{}: {message}\n  {line}\n  {:indent$}{}",
            path.display(),
            place.line,
            place.column,
            "",
            "^".repeat(width),
            indent = place.column - 1,
        ))
    }
}

/// The flags of a command and of the commands nested in it.
fn flags(command: &Command) -> impl Iterator<Item = &Arg> {
    let is_root = command.get_name() == "yaddash";
    let nested = command.get_subcommands().filter(move |_| !is_root).flat_map(Command::get_arguments);
    command.get_arguments().chain(nested)
}

/// The matches of the innermost command: flags common to all are seen there.
pub(super) fn deepest(matches: &ArgMatches) -> &ArgMatches {
    matches.subcommand().map_or(matches, |(_, inner)| deepest(inner))
}

/// The name most like `name`, if any is like it at all.
pub fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    known
        .map(|known| (strsim::jaro_winkler(name, known), known))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::root_command;

    fn read(text: &str) -> Result<Config, CliError> {
        Config::read(PathBuf::from("yaddash.toml"), true, text.to_owned(), &root_command())
    }

    fn applied(text: &str, words: &str) -> Result<String, CliError> {
        let words: Vec<OsString> = words.split(' ').map(OsString::from).collect();
        let out = read(text)?.applied(&root_command(), &words)?;
        Ok(out.iter().map(|w| w.to_str().unwrap()).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn a_key_stands_for_its_flag() {
        assert_eq!(
            applied("memory = \"office.db\"", "yaddash segment x").unwrap(),
            "yaddash segment x --memory=office.db"
        );
        assert_eq!(
            applied("memory = \"office.db\"", "yaddash -m a.db segment x").unwrap(),
            "yaddash -m a.db segment x"
        );
        assert_eq!(applied("[segment]\nlines = true", "yaddash segment -- x").unwrap(), "yaddash segment --lines -- x");
        assert_eq!(applied("[segment]\nlines = false", "yaddash segment x").unwrap(), "yaddash segment x");
        assert_eq!(applied("[segment]\nlines = true", "yaddash").unwrap(), "yaddash");
    }

    #[test]
    fn an_unknown_key_is_named_with_its_place() {
        let error = read("quiet = true\n[segment]\n  linse = true\n").unwrap_err();
        assert_eq!(error.message, "yaddash.toml:3:3: there is no key `linse`\n    linse = true\n    ^^^^^");
        assert_eq!(error.hint.unwrap(), "did you mean `lines`?");
        let error = read("[segmnet]\n").unwrap_err();
        assert!(error.message.starts_with("yaddash.toml:1:2: there is no table `[segmnet]`"), "{}", error.message);
        assert_eq!(error.hint.unwrap(), "did you mean `segment`?");
    }

    #[test]
    fn a_wrong_value_is_named_with_its_place() {
        let error = read("[segment]\nlines = 3").unwrap_err();
        assert!(error.message.starts_with("yaddash.toml:2:9: `lines` is `true` or `false`"), "{}", error.message);
        let error = applied("color = \"sometimes\"", "yaddash segment x").unwrap_err();
        assert!(error.message.starts_with("yaddash.toml:1:9: invalid value 'sometimes'"), "{}", error.message);
        assert!(read("x = [").unwrap_err().message.starts_with("yaddash.toml:1:"), "broken TOML");
    }

    #[test]
    fn paths_are_meant_from_the_folder_of_the_file() {
        let path = PathBuf::from("/office/yaddash.toml");
        let text = "memory = \"office.db\"\n[check]\nterms = [\"glossary/sms.csv\", \"/house.csv\"]";
        let config = Config::read(path, false, text.to_owned(), &root_command()).unwrap();
        let words = ["yaddash", "check", "x"].map(OsString::from);
        let out = config.applied(&root_command(), &words).unwrap();
        let memory = format!("--memory={}", Path::new("/office").join("office.db").display());
        let terms = format!("--terms={}", Path::new("/office").join("glossary/sms.csv").display());
        assert!(out.contains(&OsString::from(memory)) && out.contains(&OsString::from(terms)), "{out:?}");
        assert!(out.contains(&OsString::from("--terms=/house.csv")), "{out:?}");
    }

    #[test]
    fn keys_without_a_flag() {
        let config = read("[terms]\nfiles = [\"glossary/sms.csv\"]").unwrap();
        assert_eq!(config.glossaries(), [Path::new("glossary/sms.csv")]);
        assert!(read("[terms]\nfile = \"x\"").is_err());
    }
}
