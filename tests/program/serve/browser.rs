//! The workbench in a real browser: the walks of `tests/browser`.

use std::{env, io::Write, path::Path, process::Command};

#[test]
fn the_walks_are_walked() {
    let modules = env::var_os("YADDASH_BROWSER_MODULES").filter(|modules| !modules.is_empty());
    let Some(modules) = modules else {
        assert!(env::var_os("YADDASH_CLIENTS_REQUIRED").is_none(), "YADDASH_BROWSER_MODULES is not set");
        let _ = writeln!(std::io::stderr(), "SKIPPED the_walks_are_walked: YADDASH_BROWSER_MODULES is not set");
        return;
    };
    let walks = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/run.mjs");
    let done = Command::new("node")
        .arg(walks)
        .arg(env!("CARGO_BIN_EXE_yaddash"))
        .env("YADDASH_BROWSER_MODULES", modules)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{told}\n{}", String::from_utf8_lossy(&done.stderr));
    assert!(told.contains("walk frame: ok"), "{told}");
}
