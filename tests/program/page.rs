//! The page of `check --format html` in a browser: skipped, with a line that says so, where there is no Chromium.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
};
use yaddash::{
    lang::Language,
    model::{Finding, Fix, Level, Place, Rule, SourceMap},
    report::{Accepted, Heading, Located, Options, Source, locate, page},
    text::Span,
};

/// A fifth longer than a sentence of the sample releases on average (105, 98 and 105 characters).
const EN: &str = "In the first NN days of the month, officers of the State Migration Service met NN foreigners at the \
                  Milli Mejlis in Baku.";
const AZ: &str = "Ayın ilk NN günü ərzində Dövlət Miqrasiya Xidmətinin əməkdaşları Bakıda Milli Mejlisdə NN əcnəbi \
                  ilə görüşüblər.";
const RU: &str = "В первые NN дней месяца сотрудники Государственной миграционной службы встретились в Милли Мейлисе с \
                  NN иностранцами.";

/// `count` findings in releases of 12 sentences in three languages; each second sentence has two of them.
fn many(count: usize) -> Vec<Located> {
    let texts =
        [(Language::EN, EN, "Milli Mejlis"), (Language::AZ, AZ, "Milli Mejlisdə"), (Language::RU, RU, "Милли Мейлисе")];
    let rules = [
        (Rule::ForbiddenTerm, Level::Error),
        (Rule::WrongTerm, Level::Warning),
        (Rule::MissingTerm, Level::Warning),
        (Rule::NameDrift, Level::Info),
        (Rule::TermForm, Level::Warning),
    ];
    let mut out: Vec<Located> = Vec::new();
    for set in 1.. {
        for (at, (language, template, mark)) in texts.iter().enumerate() {
            let sentence = |line: usize, template: &str| template.replace("NN", &(set * 100 + line).to_string());
            let text: Vec<String> = (0..12).map(|line| sentence(line, template)).collect();
            let source = Arc::new(Source::new(
                format!("releases/{set:03}.{language}.txt"),
                *language,
                text.join("\n"),
                SourceMap::Same,
            ));
            let mut start = 0;
            for (line, own) in text.iter().enumerate() {
                let (other, template, _) = texts[usize::from(at == 0)];
                for twice in 0..1 + line % 2 {
                    if out.len() == count {
                        return out;
                    }
                    let (rule, level) = rules[(line + at + 2 * twice) % rules.len()];
                    let marked = start + own.find(mark).unwrap();
                    let finding = Finding {
                        rule,
                        level,
                        message: format!("`{mark}` is a forbidden variant: write `Milli Majlis`"),
                        place: Place { language: *language, span: Span::new(marked, marked + mark.len()) },
                        concept: Some("parliament".into()),
                        term: None,
                        unit: None,
                        fix: Some(Fix { text: "Milli Majlis".into(), certain: twice == 0 }),
                        notes: vec!["concept: parliament (az Milli Məclis, ru Милли Меджлис)".into()],
                    };
                    let mut located = locate(finding, &BTreeMap::from([(*language, Arc::clone(&source))])).unwrap();
                    located.sentence = Some(Span::new(start, start + own.len()));
                    located.id = format!("{:08x}", out.len() * 2_654_435_761 % (1 << 32));
                    if out.len() % 50 == 7 {
                        let date = "2026-03-02T09:30:00Z".parse().unwrap();
                        located.accepted =
                            Some(Arc::new(Accepted { reason: "A title.".into(), who: "leyla".into(), date }));
                    }
                    out.push(located.with_counterpart(other, sentence(line, template)));
                }
                start += own.len() + 1;
            }
        }
    }
    out
}

fn written(folder: &Path, findings: &[Located]) -> PathBuf {
    let heading = Heading {
        checked: vec!["releases".into()],
        texts: Some(findings.len()),
        made: Some("2026-03-02T09:30:00Z".parse().unwrap()),
    };
    let mut out = Vec::new();
    page(findings, &heading, Options::default(), &mut out).unwrap();
    let path = folder.join("page.html");
    fs::write(&path, out).unwrap();
    path
}

fn chromium() -> Option<&'static str> {
    let found = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
        let version = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        version.is_ok_and(|status| status.success())
    });
    if found.is_none() {
        eprintln!("skipped: there is no Chromium to open the page in");
    }
    found
}

/// The page as it is once its script has run.
fn opened(browser: &str, page: &Path, fragment: &str) -> String {
    let profile = tempfile::tempdir().unwrap();
    let ended = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=20000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}{fragment}", page.display()))
        .output()
        .unwrap();
    String::from_utf8(ended.stdout).unwrap()
}

/// What the page says after `steps` of JavaScript ran in it: each gives a line.
fn driven(browser: &str, page: &Path, steps: &str) -> Vec<String> {
    let text = fs::read_to_string(page).unwrap();
    // The policy lets no script in but the page's own.
    let policy = text.find("<meta http-equiv").unwrap()..text.find("<meta name=\"viewport\"").unwrap();
    let text = text.replace(&text[policy], "");
    let driver = format!(
        "<script>addEventListener('load', () => {{
           const said = [];
           const say = (...all) => said.push(all.join(' '));
           const $ = (selector) => document.querySelector(selector);
           const press = (key, at = document.activeElement) => at.dispatchEvent(new KeyboardEvent('keydown', {{ key, bubbles: true, cancelable: true }}));
           const box = (facet, value) => $(`[data-facet=${{facet}}] [data-value=\"${{value}}\"]`);
           const visible = () => [...document.querySelectorAll('article li')].filter(li => li.offsetParent && !li.hidden).length;
           const timed = job => {{ const from = performance.now(); job(); document.body.offsetHeight; return performance.now() - from; }};
           const middle = all => all.sort((a, b) => a - b)[all.length >> 1].toFixed(0);
           try {{ {steps} }} catch (error) {{ say('failed:', error); }}
           const out = document.createElement('pre'); out.id = 'said'; out.textContent = said.join('\\n'); document.body.append(out);
         }});</script></body>"
    );
    let path = page.with_extension("driven.html");
    fs::write(&path, text.replace("</body>", &driver)).unwrap();
    let dom = opened(browser, &path, "");
    let said = dom.split("<pre id=\"said\">").nth(1).and_then(|rest| rest.split("</pre>").next());
    said.unwrap_or_else(|| panic!("the page said nothing: {}", &dom[dom.len().saturating_sub(500)..]))
        .lines()
        .map(str::to_owned)
        .collect()
}

/// `12 of 100 shown`.
fn shown(dom: &str) -> &str {
    dom.split("<output")
        .nth(1)
        .and_then(|rest| rest.split('>').nth(1))
        .and_then(|rest| rest.split('<').next())
        .unwrap_or("no filters")
}

fn count(found: &[Located], is_it: impl Fn(&Located) -> bool) -> usize {
    found.iter().filter(|located| is_it(located)).count()
}

#[test]
fn a_link_leads_to_a_filtered_view() {
    let Some(browser) = chromium() else { return };
    let folder = tempfile::tempdir().unwrap();
    let found = many(100);
    let page = written(folder.path(), &found);
    let seen = |fragment: &str| shown(&opened(browser, &page, fragment)).to_owned();
    assert_eq!(seen(""), "100 of 100 shown");
    let wrong = count(&found, |l| l.finding.rule == Rule::WrongTerm);
    assert_eq!(seen("#rule=wrong-term"), format!("{wrong} of 100 shown"));
    let both = count(&found, |l| l.finding.rule == Rule::WrongTerm || l.finding.rule == Rule::NameDrift);
    assert_eq!(seen("#rule=wrong-term,name-drift"), format!("{both} of 100 shown"));
    let open = count(&found, |l| l.finding.level == Level::Error && l.accepted.is_none());
    assert_eq!(seen("#level=error&status=open"), format!("{open} of 100 shown"));
    let file = count(&found, |l| l.source.name == "releases/001.az.txt");
    assert_eq!(seen("#file=releases%2F001.az.txt"), format!("{file} of 100 shown"));
    let words = count(&found, |l| l.source.language == Language::RU);
    assert_eq!(seen("#language=ru&q=%D0%9C%D0%98%D0%9B%D0%9B%D0%98"), format!("{words} of 100 shown"));
    assert_eq!(seen("#rule=no-such-rule"), "0 of 100 shown");
}

#[test]
fn filters_and_keys_work_together() {
    let Some(browser) = chromium() else { return };
    let folder = tempfile::tempdir().unwrap();
    let found = many(100);
    let page = written(folder.path(), &found);
    let steps = "
        say($('#shown').textContent, visible());
        box('rule', 'wrong-term').querySelector('input').click();
        say($('#shown').textContent, visible(), box('rule', 'wrong-term').querySelector('small').textContent, box('rule', 'name-drift').querySelector('small').textContent);
        say(location.hash);
        press('j', document.body); const first = document.activeElement.querySelector('i').textContent;
        press('j'); press('k');
        say(first, document.activeElement.querySelector('i').textContent);
        press('ArrowDown'); say(document.activeElement.tagName);
        press('?'); say($('#keys').open); $('#keys').close();
        press('/'); say(document.activeElement.id);
        press('Escape', document.body); say($('#shown').textContent, location.hash);
        const theme = $('.tools button'); const was = getComputedStyle(document.body).backgroundColor; theme.click();
        say(getComputedStyle(document.body).backgroundColor !== was);
        say($('article').lang + $('article p').lang, [...document.querySelectorAll('input, select, button')].every(node => node.labels?.length || node.textContent || node.getAttribute('aria-label')));
    ";
    let said = driven(browser, &page, steps);
    let wrong = count(&found, |l| l.finding.rule == Rule::WrongTerm);
    let drift = count(&found, |l| l.finding.rule == Rule::NameDrift);
    let expected = [
        "100 of 100 shown 100".to_owned(),
        format!("{wrong} of 100 shown {wrong} {wrong} of {wrong} {drift} of {drift}"),
        "#rule=wrong-term".to_owned(),
        "wrong-term wrong-term".to_owned(),
        "LI".to_owned(),
        "true".to_owned(),
        "search".to_owned(),
        "100 of 100 shown ".to_owned(),
        "true".to_owned(),
        "en true".to_owned(),
    ];
    assert_eq!(said, expected);
}

#[test]
fn ten_thousand_findings_are_a_page_that_filters() {
    let folder = tempfile::tempdir().unwrap();
    let found = many(10_000);
    let page = written(folder.path(), &found);
    let size = fs::metadata(&page).unwrap().len();
    eprintln!("10,000 findings: {:.2} MB", size as f64 / 1e6);
    assert!(size < 5_000_000, "{size}");
    if let Some(keep) = std::env::var_os("YADDASH_KEEP_PAGE") {
        fs::copy(&page, keep).unwrap();
    }
    let Some(browser) = chromium() else { return };
    let steps = "
        for (const [facet, value] of [['rule', 'wrong-term'], ['level', 'error'], ['language', 'ru'], ['status', 'accepted']]) {
            const input = box(facet, value).querySelector('input');
            const on = [], off = []; let many;
            for (let turn = 0; turn < 5; turn += 1) {
                on.push(timed(() => input.click()));
                many = $('#shown').textContent;
                off.push(timed(() => input.click()));
            }
            say(many, '|', facet, middle(on), 'ms on,', middle(off), 'ms off');
        }
        const search = timed(() => { location.hash = '#q=mejlis'; dispatchEvent(new Event('hashchange')); });
        say($('#shown').textContent, '| search', search.toFixed(0), 'ms');
        const again = timed(() => { location.hash = '#q=1203'; dispatchEvent(new Event('hashchange')); });
        say($('#shown').textContent, '| search again', again.toFixed(0), 'ms');
    ";
    let said = driven(browser, &page, steps);
    said.iter().for_each(|line| eprintln!("{line}"));
    let expected = [
        count(&found, |l| l.finding.rule == Rule::WrongTerm),
        count(&found, |l| l.finding.level == Level::Error),
        count(&found, |l| l.source.language == Language::RU),
        count(&found, |l| l.accepted.is_some()),
    ];
    for (line, expected) in said.iter().zip(expected) {
        assert!(line.starts_with(&format!("{expected} of 10000 shown")), "{line}, not {expected}");
    }
}
