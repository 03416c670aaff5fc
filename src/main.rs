use std::process::ExitCode;

fn main() -> ExitCode {
    yaddash::cli::run()
}
