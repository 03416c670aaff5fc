//! Memories of every schema there has been open, are brought over, and export what they did.

use crate::desk::Desk;
use std::{fs, path::Path};

fn compat(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compat").join(name)
}

/// The TMX without its header, which names the program's version and the day.
fn body(tmx: &str) -> &str {
    &tmx[tmx.find("<body>").unwrap()..]
}

#[test]
fn memories_of_each_schema_say_what_they_said() {
    let mut schemas = 0;
    for schema in 1.. {
        let file = compat(&format!("schema-{schema}.db"));
        if !file.exists() {
            break;
        }
        schemas = schema;
        let desk = Desk::new();
        let old = fs::read(file).unwrap();
        desk.put("office.db", &old);
        let exported = desk.run(&["-m", "office.db", "export", "--as", "tmx", "--pending"]).ok().out;
        let wanted = fs::read_to_string(compat(&format!("schema-{schema}.tmx"))).unwrap();
        assert_eq!(body(&exported), body(&wanted), "schema {schema}");
        desk.run(&["-m", "office.db", "memory", "check"]).ok();
        // Its history is still good for undoing: of an import, of an undo, of an undo of that.
        let before = desk.run(&["-m", "office.db", "export", "--as", "jsonl", "--pending"]).ok().out;
        let undone = desk.run(&["-m", "office.db", "memory", "undo", "3"]).ok().out;
        let undoing = undone.split("by batch ").nth(1).and_then(|rest| rest.split(':').next()).unwrap();
        desk.run(&["-m", "office.db", "memory", "undo", "4"]).ok();
        let fewer = desk.run(&["-m", "office.db", "export", "--as", "jsonl", "--pending"]).ok().out;
        assert_eq!(fewer.lines().count(), before.lines().count() - 4);
        desk.run(&["-m", "office.db", "memory", "undo"]).ok();
        desk.run(&["-m", "office.db", "memory", "undo", undoing]).ok();
        assert_eq!(desk.run(&["-m", "office.db", "export", "--as", "jsonl", "--pending"]).ok().out, before);
        desk.run(&["-m", "office.db", "memory", "check"]).ok();
        // What people let stand came with the fourth.
        let accepted = desk.run(&["-m", "office.db", "check", "accepted", "--format", "jsonl"]).ok().objects();
        assert_eq!(accepted.len(), usize::from(schema > 3));
        assert!(accepted.iter().all(|accepted| accepted["reason"] == "the title of a book"));
        // The memory as it was before it was brought over is kept.
        let kept = fs::read_dir(desk.path("yaddash-backups")).map(|list| list.flatten().count()).unwrap_or(0);
        let current = desk.run(&["-m", "office.db", "memory", "status", "--format", "json"]).ok().objects().remove(0);
        let is_older = current["schema"].as_i64().unwrap() > schema;
        assert_eq!(kept, usize::from(is_older), "schema {schema}");
        if is_older {
            let copy =
                desk.path("yaddash-backups").join(format!("office.schema-{schema}-before-{}.db", current["schema"]));
            let version = u32::from_be_bytes(fs::read(copy).unwrap()[60..64].try_into().unwrap());
            assert_eq!(i64::from(version), schema);
        }
    }
    assert_eq!(schemas, yaddash::memory::SCHEMA, "there is a memory of each schema");
}

#[test]
fn the_folder_of_backups_is_minded_before_a_memory_is_brought_over() {
    let desk = Desk::new();
    desk.put("office.db", fs::read(compat("schema-1.db")).unwrap());
    desk.put("yaddash.toml", "memory = \"office.db\"\n[backup]\ndir = \"disk\"\n");
    desk.run(&["memory", "status"]).ok();
    assert_eq!(fs::read_dir(desk.path("disk")).unwrap().count(), 1);
    assert!(!desk.path("yaddash-backups").exists());
}
