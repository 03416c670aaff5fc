//! What README.md shows is what the program prints.

use crate::desk::Desk;
use std::{fs, path::Path};

/// The blocks of README.md that show a command, as (command line, lines printed).
fn shown(readme: &str) -> Vec<(String, Vec<String>)> {
    let mut out = Vec::new();
    for block in readme.split("```text\n$ ").skip(1) {
        let block = block.split("\n```").next().unwrap_or_default();
        let mut lines = block.lines().map(str::to_owned);
        if let Some(command) = lines.next() {
            out.push((command, lines.collect()));
        }
    }
    out
}

/// The words of a command line with quotes as a shell reads them, up to a pipe.
fn words(command: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (number, part) in command.split('"').enumerate() {
        match number % 2 {
            0 => out.extend(part.split('|').next().unwrap_or_default().split_whitespace().map(str::to_owned)),
            _ => out.push(part.to_owned()),
        }
        if number % 2 == 0 && part.contains('|') {
            break;
        }
    }
    out
}

/// `text` with what differs from day to day taken out.
fn timeless(text: &str) -> String {
    let dates = regex::Regex::new(r"\b20\d\d-\d\d-\d\d\b").unwrap();
    dates.replace_all(text.trim_end(), "DATE").into_owned()
}

/// Whether `printed` is what is shown; a line `...` stands for any lines.
fn agree(shown: &[String], printed: &[String]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((line, rest)) if line == "..." => (0..=printed.len()).any(|skip| agree(rest, &printed[skip..])),
        Some((line, rest)) => {
            printed.first().is_some_and(|p| timeless(p) == timeless(line)) && agree(rest, &printed[1..])
        }
    }
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let desk = Desk::with_samples();
    desk.put("draft.en.txt", "The Milli Mejlis and the State Migration Service held a conference.\n");
    let blocks = shown(&readme);
    assert!(blocks.len() >= 5, "README.md shows little of the program");
    for (command, lines) in blocks {
        let words = words(&command);
        assert_eq!(words[0], "yaddash", "{command}");
        let arguments: Vec<&str> = words[1..].iter().map(String::as_str).collect();
        let ended = desk.run(&arguments);
        let mut printed: Vec<String> = ended.out.lines().map(str::to_owned).collect();
        while printed.last().is_some_and(|line| line.trim().is_empty()) {
            printed.pop();
        }
        if let Some((_, count)) = command.split_once("| head -") {
            printed.truncate(count.trim().parse().unwrap());
        }
        assert!(
            agree(&lines, &printed),
            "README.md shows for `{command}`:\n{}\nit prints:\n{}",
            lines.join("\n"),
            ended.out
        );
    }
}

#[test]
fn a_line_of_dots_stands_for_any_lines() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert!(agree(&lines("a\n...\nd"), &lines("a\nb\nc\nd")));
    assert!(agree(&lines("a\n..."), &lines("a")));
    assert!(!agree(&lines("a\n...\nd"), &lines("a\nb\nc")));
    assert!(!agree(&lines("a"), &lines("a\nb")));
    assert_eq!(words("yaddash lookup --to az \"a b\" | head -3"), ["yaddash", "lookup", "--to", "az", "a b"]);
}
