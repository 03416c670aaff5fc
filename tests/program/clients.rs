//! The programs our files are for read them: OmegaT in its console mode, and Translate Toolkit.
//!
//! OmegaT is the program `YADDASH_CLIENT_OMEGAT` names, or `omegat`, or Debian's; Translate Toolkit is found by the Python that
//! `YADDASH_CLIENT_PYTHON` names, or `python3`. A test whose client is not there says so and tests nothing; `.ci/run`
//! installs both. With `YADDASH_CLIENTS_REQUIRED` set it fails instead.

use crate::desk::Desk;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    io::Write,
    path::Path,
    process::Command,
};

/// Codes, letters, quotes, spaces around and inside, alternatives, ids, contexts, tags with regions.
const HARD: &str = include_str!("clients/hard.tmx");

/// Says that a test did not run, where the test runner cannot hide it.
fn skipped(test: &str, client: &str) {
    assert!(env::var_os("YADDASH_CLIENTS_REQUIRED").is_none(), "{test}: {client} is not installed");
    let _ = writeln!(std::io::stderr(), "SKIPPED {test}: {client} is not installed");
}

fn runs(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|done| done.status.success())
}

/// The units of a memory by the source's text: the translations each may have.
type Known = BTreeMap<String, Vec<String>>;

fn known(desk: &Desk, from: &str, to: &str) -> Known {
    let mut out = Known::new();
    for unit in desk.run(&["export", "--as", "jsonl", "--from", from, "--to", to]).ok().objects() {
        for source in texts(&unit, from) {
            out.entry(source).or_default().extend(texts(&unit, to));
        }
    }
    out
}

fn texts(unit: &Value, language: &str) -> Vec<String> {
    let variants = unit["variants"].as_array().unwrap().iter().filter(|variant| variant["language"] == language);
    variants.map(|variant| variant["text"].as_str().unwrap().to_owned()).collect()
}

fn bare(text: &str) -> &str {
    text.trim_matches([' ', '\u{a0}'])
}

mod omegat {
    use super::*;

    struct OmegaT {
        command: Vec<String>,
    }

    impl OmegaT {
        fn find() -> Option<OmegaT> {
            const JAR: &str = "/usr/share/omegat/OmegaT.jar";
            let named = env::var("YADDASH_CLIENT_OMEGAT").ok().filter(|named| !named.is_empty());
            let on_path = || {
                let folders = env::var_os("PATH")?;
                env::split_paths(&folders).any(|folder| folder.join("omegat").is_file()).then(|| "omegat".to_owned())
            };
            if let Some(program) = named.or_else(on_path) {
                return Some(OmegaT { command: vec![program] });
            }
            let java = ["java", "-jar", JAR].map(str::to_owned).to_vec();
            (Path::new(JAR).is_file() && runs("java", &["-version"])).then_some(OmegaT { command: java })
        }

        /// Runs it over a project without a window; what it says.
        fn run(&self, desk: &Desk, project: &Path, arguments: &[&str]) -> String {
            let options = format!(
                "-Djava.awt.headless=true -XX:TieredStopAtLevel=1 -Dfile.encoding=UTF-8 -Duser.home={}",
                desk.path("home").display()
            );
            let done = Command::new(&self.command[0])
                .args(&self.command[1..])
                .arg(project)
                .args(arguments)
                .env("JAVA_TOOL_OPTIONS", options)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
            assert!(done.status.success(), "{said}");
            said
        }
    }

    /// Releases with their contexts, and what is hard.
    fn desk() -> Desk {
        let desk = Desk::with_samples();
        desk.run(&["run", "releases"]).ok();
        desk.put("hard.tmx", HARD);
        desk.run(&["import", "hard.tmx"]).ok();
        desk
    }

    /// A project whose one document has all sources, a paragraph each, and paragraphs for segments.
    fn with_sources(desk: &Desk, name: &str, known: &Known) {
        let project = desk.path(name).join("omegat.project");
        let settings = fs::read_to_string(&project).unwrap();
        let paragraphs = settings.replace("<sentence_seg>true<", "<sentence_seg>false<");
        assert_ne!(settings, paragraphs);
        fs::write(project, paragraphs).unwrap();
        let sources: Vec<&str> = known.keys().map(String::as_str).collect();
        desk.put(&format!("{name}/source/all.txt"), sources.join("\n\n") + "\n");
    }

    /// Has OmegaT translate the project's document; the sources it left alone, and what it was given for the others.
    fn translated(omegat: &OmegaT, desk: &Desk, name: &str, known: &Known) -> (BTreeSet<String>, Known) {
        let said = omegat.run(desk, &desk.path(name), &["--mode=console-translate"]);
        assert!(!said.contains("Error:"), "{said}");
        let target = fs::read_to_string(desk.path(&format!("{name}/target/all.txt"))).unwrap();
        let paragraphs: Vec<&str> = target.trim_end_matches('\n').split("\n\n").collect();
        assert_eq!(paragraphs.len(), known.len(), "{target}");
        let (mut left, mut done) = (BTreeSet::new(), Known::new());
        for ((source, targets), paragraph) in known.iter().zip(paragraphs) {
            match targets.iter().any(|target| bare(target) == bare(paragraph)) {
                true => done.entry(source.clone()).or_default().push(paragraph.to_owned()),
                false => {
                    assert_eq!(bare(paragraph), bare(source), "neither a translation nor untouched");
                    left.insert(bare(source).to_owned());
                }
            }
        }
        (left, done)
    }

    #[test]
    fn inserts_every_translation_of_a_project_folder() {
        let Some(omegat) = OmegaT::find() else { return skipped("OmegaT and a project folder", "OmegaT") };
        let desk = desk();
        for to in ["az", "ru"] {
            let known = known(&desk, "en", to);
            assert!(known.len() > 120, "{}", known.len());
            desk.run(&["export", "--as", "omegat", to, "--from", "en", "--to", to]).ok();
            with_sources(&desk, to, &known);
            // What is there is kept, the settings among it.
            let again = desk.run(&["export", "--as", "omegat", to]).ok();
            assert_eq!(again.err.matches("there already").count(), 3, "{}", again.err);
            let (left, done) = translated(&omegat, &desk, to, &known);
            assert_eq!((left, done.len()), (BTreeSet::new(), known.len()), "en to {to}");
            // Of several translations the first is the one to write; the document's own white space stays.
            let two = "  Two spaces before and one behind ";
            assert!(done[two][0].starts_with("  ") && done[two][0].ends_with(' '), "{:?}", done[two]);
            assert_eq!(done["Thank you"][0], known["Thank you"][0]);
        }
    }

    #[test]
    fn takes_the_units_of_a_tmx_in_three_languages() {
        let Some(omegat) = OmegaT::find() else { return skipped("OmegaT and a TMX", "OmegaT") };
        let desk = desk();
        for to in ["az", "ru"] {
            let known = known(&desk, "en", to);
            desk.run(&["export", "--as", "omegat", to, "--from", "en", "--to", to, "--origin", "none"]).ok();
            with_sources(&desk, to, &known);
            desk.run(&["export", "--as", "tmx", "-o", &format!("{to}/tm/auto/all.tmx")]).ok();
            let (left, _) = translated(&omegat, &desk, to, &known);
            // What is kept in a TMX for all tools and OmegaT does not look for, see docs/formats.md.
            let want = ["A sentence at one place.", "Read this notice first", "Two spaces before and one behind"];
            assert_eq!(left, want.map(str::to_owned).into(), "en to {to}");
        }
    }

    #[test]
    fn a_tmx_it_wrote_is_imported() {
        let Some(omegat) = OmegaT::find() else { return skipped("a TMX of OmegaT", "OmegaT") };
        let desk = Desk::new();
        desk.put("hard.tmx", HARD);
        desk.run(&["import", "hard.tmx"]).ok();
        let known = known(&desk, "en", "az");
        desk.run(&["export", "--as", "omegat", "p", "--from", "en", "--to", "az"]).ok();
        with_sources(&desk, "p", &known);
        let out = desk.path("p/omegat/project_save.tmx");
        let out = format!("--pseudotranslatetmx={}", out.display());
        let mode = ["--mode=console-createpseudotranslatetmx", &out, "--pseudotranslatetype=equal"];
        omegat.run(&desk, &desk.path("p"), &mode);
        let other = ["--memory", "other.db"];
        let ran = desk.run(&[&["import", "p"], &other[..]].concat()).ok();
        assert!(ran.err.contains(&format!("{0} units: {0} new", known.len())), "{}", ran.err);
        let back = desk.run(&[&["export", "--as", "jsonl"], &other[..]].concat()).ok();
        let back: BTreeSet<String> = back.objects().iter().flat_map(|unit| texts(unit, "az")).collect();
        assert_eq!(back, known.keys().map(|source| bare(source).to_owned()).collect());
        let again = desk.run(&[&["import", "p"], &other[..]].concat()).ok();
        assert!(again.err.contains(&format!("0 new, {} there already", known.len())), "{}", again.err);
    }
}

mod translate_toolkit {
    use super::*;

    /// What it reads of a file: source and target of each unit, as JSON.
    const READ: &str = "\
import json, sys
from translate.storage import factory, xliff2
form, name = sys.argv[1:]
store = xliff2.Xliff2File.parsefile(name) if form == 'xliff2' else factory.getobject(name)
units = [unit for unit in store.units if not unit.isheader()]
sys.stdout.buffer.write(json.dumps([[str(unit.source), str(unit.target)] for unit in units]).encode())
";

    /// A Python that has it.
    fn python() -> Option<String> {
        let named = env::var("YADDASH_CLIENT_PYTHON").ok().filter(|named| !named.is_empty());
        let python = named.unwrap_or_else(|| "python3".to_owned());
        runs(&python, &["-c", "import translate.storage.factory, lxml"]).then_some(python)
    }

    fn read(python: &str, form: &str, file: &Path) -> Vec<(String, String)> {
        let done = Command::new(python).args(["-c", READ, form]).arg(file).output().unwrap();
        assert!(done.status.success(), "{}: {}", file.display(), String::from_utf8_lossy(&done.stderr));
        serde_json::from_slice(&done.stdout).unwrap()
    }

    /// What a form says of a unit's texts.
    #[derive(Clone, Copy, PartialEq)]
    enum Says {
        /// Each source with each target.
        EachPair,
        /// The first target only.
        First,
        /// Each source once, without native code.
        EachSource,
    }

    /// The forms it reads units from.
    const UNITS: &[(&str, &str, Says)] = &[
        ("tmx", "tmx", Says::First),
        ("xliff", "xlf", Says::EachPair),
        ("xliff2", "xlf2", Says::EachPair),
        ("po", "po", Says::EachSource),
    ];

    /// What of a unit is to be read: source, target, and whether there are codes in them.
    fn said(unit: &Value, to: &str, says: Says) -> Vec<(String, String, bool)> {
        let coded = unit["variants"].as_array().unwrap().iter().any(|variant| !variant["codes"].is_null());
        let source = texts(unit, "en").remove(0);
        let targets = texts(unit, to).into_iter().take(if says == Says::EachPair { usize::MAX } else { 1 });
        targets.map(|target| (source.clone(), target, coded && says != Says::EachSource)).collect()
    }

    #[test]
    fn reads_units_and_terms() {
        let Some(python) = python() else { return skipped("Translate Toolkit", "Translate Toolkit") };
        let desk = Desk::with_samples();
        desk.put("hard.tmx", HARD);
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tmx/releases.tmx");
        desk.run(&["import", "hard.tmx", samples.to_str().unwrap()]).ok();
        desk.run(&["term", "import", "glossary/sms.csv"]).ok();
        let forms = desk.run(&["export", "--help"]).ok().out;
        for to in ["az", "ru"] {
            let units = desk.run(&["export", "--as", "jsonl", "--from", "en", "--to", to]).ok().objects();
            assert!(units.len() > 200);
            for (form, ending, says) in UNITS.iter().filter(|(form, ..)| forms.contains(&format!("- {form}:"))) {
                let file = format!("{to}.{ending}");
                desk.run(&["export", "--as", form, "--from", "en", "--to", to, "-o", &file]).ok();
                let mut want: Vec<_> = units.iter().flat_map(|unit| said(unit, to, *says)).collect();
                if *says == Says::EachSource {
                    let mut known = BTreeSet::new();
                    want.retain(|(source, ..)| known.insert(source.clone()));
                }
                let got = read(&python, form, &desk.path(&file));
                assert_eq!(got.len(), want.len(), "{form}");
                for (got, (source, target, coded)) in got.iter().zip(&want) {
                    // It takes native code for words.
                    assert!(
                        *coded || (&got.0, &got.1) == (source, target),
                        "{form}: {got:?}, not {source:?}, {target:?}"
                    );
                }
            }
        }
        desk.run(&["export", "--as", "tbx", "-o", "terms.tbx"]).ok();
        let concepts = desk.run(&["term", "list", "--format", "jsonl"]).ok().objects();
        let first = |concept: &Value, language: &str| {
            let terms = concept["terms"].as_array().unwrap();
            terms.iter().find(|term| term["language"] == language).map(|term| term["text"].as_str().unwrap().to_owned())
        };
        let want: Vec<(String, String)> =
            concepts.iter().map(|concept| (first(concept, "en").unwrap(), first(concept, "az").unwrap())).collect();
        assert!(want.len() > 60);
        assert_eq!(read(&python, "tbx", &desk.path("terms.tbx")), want);
    }
}
