//! Opening the file: whose it is, its settings, its migrations.

use super::{
    MemoryError, Mode,
    backup::{self, Backups},
    index, place,
};
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior, config::DbConfig};
use std::{
    fs::{self, File},
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// `yadd`: in the file's header, so that no other program's database is taken for ours.
const APPLICATION_ID: i64 = 0x7961_6464;

/// In order; the schema's number is how many have run. A released one is never changed.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_units.sql"),
    include_str!("migrations/0002_index.sql"),
    include_str!("migrations/0003_history.sql"),
    include_str!("migrations/0004_rulings.sql"),
];

/// The schema this program writes.
pub const SCHEMA: i64 = MIGRATIONS.len() as i64;

/// How long a writer waits for others.
const PATIENCE: Duration = Duration::from_secs(30);

/// Up to which try so many microseconds at the most are waited at a time; a millisecond from then on.
const WAITS: [(u64, u64); 3] = [(16, 8_000), (64, 4_000), (128, 2_000)];

const SETTINGS: &str = "
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA synchronous = FULL;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -16000;
";

/// Opens the memory; one of an older schema is copied to `backups` before it is brought to ours.
pub(super) fn open(path: &Path, mode: Mode, backups: &Backups) -> Result<Connection, MemoryError> {
    let found = inspect(path)?;
    if found == Found::Nothing && mode == Mode::Read {
        return Err(MemoryError::Missing(path.to_owned()));
    }
    if let Some(what) = place::shared(path) {
        return Err(MemoryError::Shared { path: path.to_owned(), what });
    }
    open_found(path, mode, found, backups).map_err(|error| error.at(path))
}

fn open_found(path: &Path, mode: Mode, found: Found, backups: &Backups) -> Result<Connection, MemoryError> {
    let create = match mode {
        Mode::Write => OpenFlags::SQLITE_OPEN_CREATE,
        Mode::Read => OpenFlags::empty(),
    };
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_READ_WRITE | create;
    let mut db = match Connection::open_with_flags(path, flags) {
        Ok(db) => db,
        Err(_) if mode == Mode::Write && found == Found::Nothing => {
            return Err(MemoryError::ReadOnly(path.to_owned()));
        }
        Err(error) => return Err(error.into()),
    };
    settle(&mut db)?;
    if mode == Mode::Write {
        let writable = !fs::metadata(path).is_ok_and(|file| file.permissions().readonly());
        if !writable || db.is_readonly("main")? {
            return Err(MemoryError::ReadOnly(path.to_owned()));
        }
    }
    let version = match version(&db) {
        Ok(version) => version,
        // A memory on a medium that takes no lock files is read as it lies.
        Err(_) if mode == Mode::Read && !has_log(path) => {
            db = immutable(path)?;
            version(&db)?
        }
        Err(error) => return Err(error.into()),
    };
    if version > SCHEMA {
        return Err(MemoryError::Newer { path: path.to_owned(), found: version, known: SCHEMA });
    }
    if version < SCHEMA || !index::current(&db)? {
        if (1..SCHEMA).contains(&version) {
            backup::copy(&db, &backups.before_migration(version)?)?;
        }
        migrate(&mut db, path)?;
    }
    if mode == Mode::Write {
        let journal = write_ahead(&db)?;
        if !journal.eq_ignore_ascii_case("wal") {
            return Err(MemoryError::Io {
                path: path.to_owned(),
                what: "the folder does not bear SQLite's log".into(),
            });
        }
    } else {
        db.execute_batch("PRAGMA query_only = ON")?;
    }
    Ok(db)
}

/// Opens the memory to be copied: nothing in it is changed, not even where its schema is an older one.
pub(super) fn open_as_it_is(path: &Path) -> Result<Connection, MemoryError> {
    if inspect(path)? == Found::Nothing {
        return Err(MemoryError::Missing(path.to_owned()));
    }
    let opened = (|| -> Result<Connection, MemoryError> {
        let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_READ_WRITE;
        let mut db = Connection::open_with_flags(path, flags)?;
        settle(&mut db)?;
        match version(&db) {
            Ok(_) => Ok(db),
            Err(_) if !has_log(path) => immutable(path),
            Err(error) => Err(error.into()),
        }
    })();
    opened.map_err(|error| error.at(path))
}

fn settle(db: &mut Connection) -> rusqlite::Result<()> {
    db.set_prepared_statement_cache_capacity(64);
    db.busy_handler(Some(wait))?;
    // Else a statement whose table has a partial index is planned anew for each value bound to it.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.execute_batch(SETTINGS)
}

/// Waits a moment for whoever holds the lock; called for the `tries`th time in a row.
///
/// SQLite's own handler waits longer each time, so of many writers those that have waited long wait longest: with 25 of
/// them some waited for seconds. Here whoever has waited long looks more often, and all a little differently so that
/// they do not come in step.
fn wait(tries: i32) -> bool {
    let tries = u64::try_from(tries).unwrap_or(0);
    let most = WAITS.iter().find(|(until, _)| tries < *until).map_or(1_000, |(_, most)| *most);
    let draw = (tries + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(std::process::id()) << 40;
    std::thread::sleep(Duration::from_micros(most / 2 + (draw >> 32) % (most / 2)));
    // From then on the waits are of three quarters of a millisecond.
    tries < PATIENCE.as_micros() as u64 / 750
}

/// Switches to the write-ahead log, which the file then keeps, and returns the mode it is in.
///
/// The switch takes the whole file for a moment, and SQLite does not wait for others with it as it does with
/// transactions (its busy handler is not called where that could be a deadlock), so the waiting is done here.
fn write_ahead(db: &Connection) -> rusqlite::Result<String> {
    let since = Instant::now();
    loop {
        match db.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)) {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && since.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(5));
            }
            other => return other,
        }
    }
}

fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
}

fn immutable(path: &Path) -> Result<Connection, MemoryError> {
    let mut uri = String::from("file:");
    for byte in path.to_string_lossy().bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b':' => uri.push(char::from(byte)),
            b'\\' => uri.push('/'),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let mut db = Connection::open_with_flags(uri, flags)?;
    settle(&mut db)?;
    Ok(db)
}

/// Brings the file to our schema in one transaction; another process may be at the same.
fn migrate(db: &mut Connection, path: &Path) -> Result<(), MemoryError> {
    let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version = version(&change)?;
    if version > SCHEMA {
        return Err(MemoryError::Newer { path: path.to_owned(), found: version, known: SCHEMA });
    }
    let done = usize::try_from(version).unwrap_or(0);
    if done == 0 && change.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))? > 0 {
        return Err(MemoryError::Foreign(path.to_owned()));
    }
    for migration in &MIGRATIONS[done..] {
        change.execute_batch(migration)?;
    }
    if !index::current(&change)? {
        index::rebuild(&change)?;
    }
    change.execute_batch(&format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA};"))?;
    change.commit()?;
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// No file, or an empty one.
    Nothing,
    Memory,
}

/// What lies at `path`, told from its first bytes before SQLite touches it: opening a foreign file could
/// roll back its journal or leave files beside it.
fn inspect(path: &Path) -> Result<Found, MemoryError> {
    let here = || path.to_owned();
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::PermissionDenied => MemoryError::Forbidden(here()),
        _ => MemoryError::Io { path: here(), what: error.to_string() },
    };
    let length = match fs::metadata(path) {
        Ok(found) if found.is_dir() => return Err(MemoryError::Folder(here())),
        Ok(found) if found.len() == 0 => return Ok(Found::Nothing),
        Ok(found) => found.len(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) => return Err(failed(error)),
    };
    let mut header = [0; 100];
    let mut file = File::open(path).map_err(failed)?;
    match file.read_exact(&mut header) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Err(MemoryError::Foreign(here())),
        Err(error) => return Err(failed(error)),
    }
    // https://www.sqlite.org/fileformat.html#the_database_header
    let number = |at: usize| u32::from_be_bytes(header[at..at + 4].try_into().expect("four bytes"));
    if &header[..16] != b"SQLite format 3\0" || i64::from(number(68)) != APPLICATION_ID {
        return Err(MemoryError::Foreign(here()));
    }
    if i64::from(number(60)) > SCHEMA {
        return Err(MemoryError::Newer { path: here(), found: i64::from(number(60)), known: SCHEMA });
    }
    let page = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    let counted = number(24) == number(92);
    if counted && !has_log(path) && length < u64::from(number(28)) * page {
        let what = format!("the file is cut short: {length} of {} bytes", u64::from(number(28)) * page);
        return Err(MemoryError::Damaged { path: here(), what });
    }
    Ok(Found::Memory)
}

/// SQLite's log or journal lies beside the file: what was committed last may stand there only, or another
/// process is about to write it.
fn has_log(path: &Path) -> bool {
    ["-wal", "-journal"].iter().any(|ending| {
        let mut log = path.as_os_str().to_owned();
        log.push(ending);
        fs::metadata(PathBuf::from(log)).is_ok_and(|file| file.len() > 0)
    })
}
