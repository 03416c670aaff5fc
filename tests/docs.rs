//! The documents tell the truth about the program.

use std::{fs, path::Path};

fn at(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn the_reference_is_what_the_program_says() {
    let reference = yaddash::cli::reference();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(at("docs/cli.md"), &reference).unwrap();
    }
    let kept = fs::read_to_string(at("docs/cli.md")).unwrap_or_default();
    assert_eq!(kept, reference, "docs/cli.md is stale: UPDATE_DOCS=1 cargo test --test docs");
}

#[test]
fn the_readme_names_every_command() {
    let readme = fs::read_to_string(at("README.md")).unwrap();
    for command in yaddash::cli::root_command().get_subcommands() {
        let name = command.get_name();
        assert!(readme.contains(&format!("yaddash {name}")), "README.md does not show `yaddash {name}`");
    }
}
