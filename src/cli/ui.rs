//! The only place that writes to the terminal: results to stdout (or `-o FILE`), all else to stderr.

use super::error::CliError;
use crate::app::Watch;
use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    io::{self, BufWriter, IsTerminal, Write},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, Once, PoisonError},
    time::{Duration, Instant},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ColorChoice {
    Auto,
    Always,
    Never,
}

pub struct Ui {
    out: Out,
    color_out: bool,
    color_err: bool,
    quiet: bool,
    verbose: bool,
    progress: Shown,
}

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// Not wanted.
    No,
    /// A bar on a terminal.
    Bar,
    /// A line now and then, for logs.
    Lines,
}

/// Where results go.
enum Out {
    Stdout(BufWriter<AutoStream<io::Stdout>>),
    /// Written beside the file asked for, renamed to it when the command has ended well.
    File {
        path: PathBuf,
        to: BufWriter<tempfile::NamedTempFile>,
    },
}

impl Ui {
    pub(super) fn new(
        color: ColorChoice,
        quiet: bool,
        verbose: bool,
        progress: bool,
        output: Option<&Path>,
    ) -> Result<Ui, CliError> {
        let allowed = |terminal: bool| match color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        };
        let to_file = output.filter(|path| *path != Path::new("-"));
        let color_out = allowed(to_file.is_none() && io::stdout().is_terminal());
        let out = match to_file {
            Some(path) => Out::File { path: path.to_owned(), to: beside(path)? },
            // Without colour bytes go through as they are; with it, old Windows consoles are served too.
            None if color_out => Out::Stdout(BufWriter::with_capacity(1 << 16, AutoStream::always(io::stdout()))),
            None => Out::Stdout(BufWriter::with_capacity(1 << 16, AutoStream::always_ansi(io::stdout()))),
        };
        Ok(Ui {
            color_out,
            color_err: allowed(io::stderr().is_terminal()),
            progress: match io::stderr().is_terminal() {
                _ if !progress || quiet => Shown::No,
                true => Shown::Bar,
                false => Shown::Lines,
            },
            out,
            quiet,
            verbose,
        })
    }

    /// Results may carry colour.
    pub fn color(&self) -> bool {
        self.color_out
    }

    /// Results go to a person's terminal.
    pub fn to_terminal(&self) -> bool {
        matches!(self.out, Out::Stdout(_)) && io::stdout().is_terminal()
    }

    /// Columns of the terminal results go to, else 100.
    pub fn width(&self) -> usize {
        match self.to_terminal() {
            true => terminal_size::terminal_size().map_or(100, |(w, _)| usize::from(w.0)).clamp(40, 200),
            false => 100,
        }
    }

    /// `text` in `style` where results may carry colour.
    pub fn paint(&self, style: Style, text: &str) -> String {
        if self.color_out { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// A remark for the person at the terminal; not said with `-q`.
    pub fn remark(&mut self, text: impl std::fmt::Display) {
        if !self.quiet {
            self.stderr("", Style::new(), &text.to_string());
        }
    }

    /// A remark on something that may be wrong; not said with `-q`.
    pub fn warn(&mut self, text: impl std::fmt::Display) {
        if !self.quiet {
            self.stderr("warning: ", AnsiColor::Yellow.on_default().bold(), &text.to_string());
        }
    }

    /// Said with `-v` only.
    pub fn detail(&mut self, text: impl std::fmt::Display) {
        if self.verbose {
            self.stderr("", Style::new().dimmed(), &text.to_string());
        }
    }

    /// Something failed; said even with `-q`.
    pub fn complain(&mut self, error: &CliError) {
        self.stderr("error: ", AnsiColor::Red.on_default().bold(), &error.message);
        if let Some(hint) = &error.hint {
            self.stderr("hint: ", AnsiColor::Cyan.on_default(), hint);
        }
    }

    fn stderr(&mut self, label: &str, style: Style, text: &str) {
        let text = harmless(text);
        // Nobody is left to tell when stderr itself is closed.
        let _ = if self.color_err {
            writeln!(anstream::stderr(), "{style}{label}{style:#}{text}")
        } else {
            writeln!(io::stderr(), "{label}{text}")
        };
    }

    /// A bar on stderr that shows itself after half a second; away from terminals a line every ten seconds.
    pub fn progress(&self, what: &'static str, length: u64) -> Progress {
        Progress::new(self.progress, what, length)
    }

    /// Everything written so far is on its way; for answers a program waits for.
    pub fn flush(&mut self) -> Result<(), CliError> {
        Ok(Write::flush(self)?)
    }

    /// The command has ended well: what was written becomes visible under its name.
    pub(super) fn finish(self) -> Result<(), CliError> {
        match self.out {
            Out::Stdout(mut to) => Ok(to.flush()?),
            Out::File { path, to } => {
                let whole = |error: &io::Error| CliError::io(&path, error);
                let file = to.into_inner().map_err(|e| whole(e.error()))?;
                file.as_file().sync_all().map_err(|e| whole(&e))?;
                file.persist(&path).map_err(|e| whole(&e.error))?;
                Ok(())
            }
        }
    }
}

impl Write for Ui {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.out {
            Out::Stdout(to) => to.write(bytes),
            Out::File { to, .. } => to.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.out {
            Out::Stdout(to) => to.flush(),
            Out::File { to, .. } => to.flush(),
        }
    }
}

/// A temporary file in the folder of `path`, to be renamed to it.
fn beside(path: &Path) -> Result<BufWriter<tempfile::NamedTempFile>, CliError> {
    if path.is_dir() {
        return Err(CliError::new(format_args!("{}: this is a folder, not a file", path.display())));
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        return Err(CliError::new(format_args!("{}: there is no such folder", path.display())));
    }
    let file = tempfile::Builder::new()
        .prefix(".yaddash-")
        .permissions_if_known()
        .tempfile_in(folder)
        .map_err(|error| CliError::io(path, &error))?;
    Ok(BufWriter::with_capacity(1 << 16, file))
}

trait PlainPermissions {
    fn permissions_if_known(&mut self) -> &mut Self;
}

impl PlainPermissions for tempfile::Builder<'_, '_> {
    /// Temporary files are private by default; a result is readable like any other file (less the umask).
    fn permissions_if_known(&mut self) -> &mut Self {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            self.permissions(std::fs::Permissions::from_mode(0o666));
        }
        self
    }
}

/// `text` with control characters made visible, so that no file name or segment can steer the terminal.
fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() && c != '\n' && c != '\t' { char::REPLACEMENT_CHARACTER } else { c })
        .collect()
}

/// Counts work done, from any thread.
pub struct Progress {
    bar: ProgressBar,
    what: &'static str,
    shown: Once,
    wanted: Shown,
    started: Instant,
    /// When the last line was written.
    line: Mutex<Instant>,
}

impl Progress {
    fn new(wanted: Shown, what: &'static str, length: u64) -> Progress {
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::hidden());
        bar.set_style(
            ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} {eta}").expect("the template is well-formed"),
        );
        bar.set_message(what);
        let now = Instant::now();
        Progress { bar, what, shown: Once::new(), wanted, started: now, line: Mutex::new(now) }
    }

    pub fn advance(&self, by: u64) {
        self.bar.inc(by);
        match self.wanted {
            Shown::No => {}
            Shown::Bar if self.started.elapsed() < Duration::from_millis(500) => {}
            Shown::Bar => self.shown.call_once(|| self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10))),
            Shown::Lines => self.say(),
        }
    }

    /// Says how far it is, unless that was said lately or another thread is at it.
    fn say(&self) {
        let Ok(mut last) = self.line.try_lock() else { return };
        if last.elapsed() >= Duration::from_secs(10) {
            *last = Instant::now();
            let (at, of) = (self.bar.position(), self.bar.length().unwrap_or_default());
            // Nobody is left to tell when stderr itself is closed.
            let _ = writeln!(io::stderr(), "{}: {at} of {of}", self.what);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// A line of a server's log, from any thread.
#[cfg(feature = "serve")]
pub fn log(text: &str) {
    // Nobody is left to tell when stderr itself is closed.
    let _ = writeln!(io::stderr(), "{} {text}", jiff::Timestamp::now());
}

/// A bar for each stage of a long job.
pub struct Bars {
    wanted: Shown,
    now: Mutex<Option<Progress>>,
}

impl Bars {
    pub fn new(ui: &Ui) -> Bars {
        Bars { wanted: ui.progress, now: Mutex::new(None) }
    }

    fn now(&self) -> MutexGuard<'_, Option<Progress>> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watch for Bars {
    fn begin(&self, what: &'static str, length: usize) {
        *self.now() = Some(Progress::new(self.wanted, what, length as u64));
    }

    fn step(&self) {
        if let Some(bar) = &*self.now() {
            bar.advance(1);
        }
    }
}
