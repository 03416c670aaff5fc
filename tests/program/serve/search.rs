//! The page of search.

use super::{Server, office, quoted};

#[test]
fn the_first_page_answers_in_the_language_asked_for() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let answer = server.request("GET", "/", &[("accept-language", "ru")], b"");
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("<html lang=\"ru\">"), "{}", answer.text());
    let chosen = server.form("/language", &[("language", "az"), ("back", "/?q=x")]);
    assert_eq!((chosen.status, chosen.header("location")), (303, Some("/?q=x")));
    let cookie = chosen.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let answer = server.request("GET", "/", &[("cookie", &cookie), ("accept-language", "ru")], b"");
    assert!(answer.text().contains("<html lang=\"az\">"));
}

#[test]
fn matches_stand_above_lines() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let text = server.get(&format!("/search?from=en&q={}", quoted("The service opened 6 offices in Baku."))).text();
    for part in ["Xidmət Bakıda 6 ofis açdı.", "Служба открыла 6 офисов в Баку."] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let text = server.get("/search?from=az&q=ofis").text();
    assert!(text.contains("<mark>ofis</mark>"), "{text}");
}
