//! `docs/cli.md`, made from the definitions of commands and flags so that it cannot differ from them.

use super::{config::OTHER_KEYS, root_command};
use clap::{Arg, Command};
use std::fmt::Write;

/// The whole reference as Markdown.
pub fn reference() -> String {
    let mut root = root_command();
    root.build();
    let mut out = String::from(
        "# Commands and flags\n\n\
         Made from the program's own definitions (`UPDATE_DOCS=1 cargo test --test docs`); do not edit by hand.\n\n\
         A flag's value comes from the command line, else the environment, else `yaddash.toml`, else the default.\n\
         In `yaddash.toml`, found in the working folder or above it, a key has the name of its flag: common options\n\
         at the top, a command's own in a table of its name.\n\n\
         ```toml\nmemory = \"office.db\"\n\n[lookup]\nmin = 75\n\n[terms]\nfiles = [\"glossary/sms.csv\"]\n```\n\n\
         Keys that are no flag:\n\n",
    );
    for (table, key, about) in OTHER_KEYS {
        writeln!(out, "- `[{table}] {key}`: {about}").expect(IN_MEMORY);
    }
    out.push_str("\n## Common options\n\n");
    root.get_arguments().filter(|arg| documented(arg)).for_each(|arg| flag(&mut out, arg));
    for command in root.get_subcommands().filter(|c| c.get_name() != "help") {
        section(&mut out, "yaddash", command, 2);
    }
    out
}

const IN_MEMORY: &str = "writing to a string does not fail";

fn section(out: &mut String, parent: &str, command: &Command, depth: usize) {
    let name = format!("{parent} {}", command.get_name());
    writeln!(out, "\n{} `{name}`\n", "#".repeat(depth)).expect(IN_MEMORY);
    let about = command.get_long_about().or(command.get_about()).map(ToString::to_string).unwrap_or_default();
    writeln!(out, "{about}\n").expect(IN_MEMORY);
    let mut own = command.get_arguments().filter(|arg| documented(arg) && !arg.is_global_set()).peekable();
    if own.peek().is_some() {
        own.for_each(|arg| flag(out, arg));
    }
    for nested in command.get_subcommands().filter(|c| c.get_name() != "help") {
        section(out, &name, nested, depth + 1);
    }
}

fn documented(arg: &Arg) -> bool {
    !arg.is_hide_set() && !matches!(arg.get_id().as_str(), "help" | "version")
}

fn flag(out: &mut String, arg: &Arg) {
    let value = arg.get_value_names().filter(|_| arg.get_action().takes_values());
    let value = value.map(|names| names.iter().map(|n| format!(" {n}")).collect::<String>()).unwrap_or_default();
    let name = match (arg.get_short(), arg.get_long()) {
        (Some(short), Some(long)) => format!("-{short}, --{long}{value}"),
        (None, Some(long)) => format!("--{long}{value}"),
        _ => value.trim().to_owned(),
    };
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    write!(out, "- `{name}`: {}", help.trim_end_matches('.')).expect(IN_MEMORY);
    let values: Vec<String> = arg.get_possible_values().iter().map(|v| format!("`{}`", v.get_name())).collect();
    if !values.is_empty() && arg.get_action().takes_values() && values.len() < 20 {
        write!(out, "; one of {}", values.join(", ")).expect(IN_MEMORY);
    }
    let defaults: Vec<String> = arg.get_default_values().iter().map(|v| v.to_string_lossy().into_owned()).collect();
    if !defaults.is_empty() && arg.get_action().takes_values() {
        write!(out, " (default `{}`)", defaults.join(",")).expect(IN_MEMORY);
    }
    if let Some(name) = arg.get_env() {
        write!(out, " (environment `{}`)", name.to_string_lossy()).expect(IN_MEMORY);
    }
    out.push('\n');
}
