//! `yaddash completions`: what a shell needs to complete commands and flags.

use super::{CliError, Desk, Exit, root_command};
use clap_complete::Shell;

/// Print completions for a shell
///
/// For bash: `yaddash completions bash > ~/.local/share/bash-completion/completions/yaddash`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        clap_complete::generate(self.shell, &mut root_command(), "yaddash", &mut desk.ui);
        Ok(Exit::Done)
    }
}
