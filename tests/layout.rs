//! The arrows between modules point one way, and some crates have one place each.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// What the topmost may use: all below them, in the order of the arrows.
const LOWER: &[&str] = &[
    "text",
    "lang",
    "model",
    "segment",
    "align",
    "memory",
    "formats",
    "report",
    "rules",
    "terms",
    "suggest",
    "noise",
    "qa",
    "lookup",
    "concordance",
    "app",
    "web",
];

/// A module and the modules it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("lang", &["text"]),
    ("model", &["text", "lang"]),
    ("segment", &["text", "lang", "model"]),
    ("align", &["text", "lang", "model"]),
    ("memory", &["text", "lang", "model"]),
    ("formats", &["text", "lang", "model"]),
    ("report", &["text", "lang", "model"]),
    ("rules", &["text", "lang", "model"]),
    ("terms", &["text", "lang", "model", "rules"]),
    ("noise", &["text", "lang", "model"]),
    ("suggest", &["text", "lang", "model", "align", "terms"]),
    ("lookup", &["text", "lang", "model", "memory"]),
    ("concordance", &["text", "lang", "model", "memory"]),
    ("qa", &["text", "lang", "model", "rules", "lookup"]),
    ("app", LOWER.split_at(LOWER.len() - 2).0),
    ("web", LOWER.split_at(LOWER.len() - 1).0),
    ("cli", LOWER),
];

/// A word of source code and the only modules it may stand in.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("rusqlite", &["memory"]),
    ("clap::", &["cli"]),
    ("axum::", &["web"]),
    ("askama", &["web"]),
    ("indicatif", &["cli"]),
    ("std::env", &["cli"]),
    ("Timestamp::now", &["cli"]),
    ("SystemTime::now", &["cli"]),
    ("println!", &[]),
];

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            out.push(path);
        }
    }
}

/// The program's part of a file: without its tests and comments.
///
/// Of what `#[cfg(test)]` marks, the item is left out: to its `;`, or to the brace that closes it at the start of
/// a line.
fn program(text: &str) -> String {
    let mut out = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim_start().starts_with("#[cfg(test)]") {
            let item = lines.by_ref().find(|item| !item.trim_start().starts_with("#[")).unwrap_or_default();
            if !item.trim_end().ends_with(';') {
                let indent = item.len() - item.trim_start().len();
                lines.by_ref().find(|line| line.starts_with('}') || line.get(indent..) == Some("}"));
            }
        } else if !line.trim_start().starts_with("//") {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// The modules a file uses by `crate::NAME` or `use crate::{NAME, …}`.
fn used(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let after = &text[at + "crate::".len()..];
        if let Some(inner) = after.strip_prefix('{') {
            let mut depth = 0;
            let mut name = String::new();
            for c in inner.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    _ => {}
                }
                match c {
                    ',' if depth == 0 => out.push(std::mem::take(&mut name)),
                    _ if depth == 0 => name.push(c),
                    _ => {}
                }
            }
            out.push(name);
        } else {
            out.push(after.to_owned());
        }
    }
    out.iter()
        .map(|path| path.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>())
        .filter(|name| name.chars().next().is_some_and(char::is_lowercase))
        .collect()
}

/// Every source file below `src` with the module it belongs to and its program text.
fn modules() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files
        .into_iter()
        .filter_map(|file| {
            let below = file.strip_prefix(&root).unwrap();
            let first = below.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
            let module = first.trim_end_matches(".rs").to_owned();
            let text = program(&fs::read_to_string(&file).unwrap());
            (!matches!(module.as_str(), "main" | "lib")).then_some((module, file, text))
        })
        .collect()
}

#[test]
fn imports_run_one_way() {
    let mut wrong = Vec::new();
    for (module, file, text) in modules() {
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!("{}: the module `{module}` has no row in MAY_USE", file.display()));
            continue;
        };
        for name in used(&text) {
            if name != module && !allowed.contains(&name.as_str()) {
                wrong.push(format!("{}: `{module}` may not use `{name}`", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn crates_keep_to_their_place() {
    let mut wrong = Vec::new();
    for (module, file, text) in modules() {
        for (word, places) in ONLY_IN {
            let found = text.match_indices(word).any(|(at, _)| {
                // `eprintln!` holds `println!`; both are out of place.
                !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') || *word == "println!"
            });
            if found && !places.contains(&module.as_str()) {
                wrong.push(format!("{}: `{word}` has no place in `{module}`", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_use_lines_sees_them_all() {
    let text =
        "use crate::{text::{Span, tokens}, lang::Language};\nuse crate::model::Unit;\nlet x = crate::memory::open();";
    assert_eq!(used(text), ["text", "lang", "model", "memory"]);
    assert_eq!(program("use a;\n// crate::cli\n#[cfg(test)]\nmod tests;\nuse b;"), "use a;\nuse b;\n");
    assert_eq!(program("#[cfg(test)]\nmod tests {\n    use c;\n}\nuse d;"), "use d;\n");
}

#[test]
fn the_map_names_every_module() {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    for (module, _) in MAY_USE {
        assert!(lib.contains(&format!("//! | [`{module}`]")), "lib.rs has no line for `{module}`");
    }
}
