//! `yaddash serve` as browsers and CAT tools meet it: the program runs, and is asked over its socket.

mod align;
mod api;
mod browser;
mod check;
mod files;
mod guard;
mod people;
mod protocols;
mod releases;
mod search;
mod survival;
mod terms;
mod units;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

/// A running server; it ends with the value.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    said: Arc<Mutex<String>>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("answers are UTF-8")
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

impl Server {
    /// Serves `memory`, which is made where there is none, from the folder it lies in.
    pub fn start(memory: &Path, arguments: &[&str]) -> Server {
        Server::try_start(memory, arguments).unwrap_or_else(|said| panic!("the server did not begin: {said}"))
    }

    /// As [`Server::start`]; what it said where it did not begin.
    pub fn try_start(memory: &Path, arguments: &[&str]) -> Result<Server, String> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_yaddash"))
            .current_dir(memory.parent().unwrap())
            .arg("-m")
            .arg(memory)
            .args(["serve", "--port", "0"])
            .args(arguments)
            .env("USER", "anna")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = String::new();
        let address = loop {
            let Some(line) = lines.next() else {
                let _ = child.wait();
                return Err(said);
            };
            let line = line.unwrap();
            said += &format!("{line}\n");
            let Some((_, rest)) = line.split_once("http://") else { continue };
            break rest.split('/').next().unwrap().parse().unwrap();
        };
        // What it says later is read so that it never waits for us.
        let said = Arc::new(Mutex::new(said));
        let log = Arc::clone(&said);
        std::thread::spawn(move || {
            lines.map_while(Result::ok).for_each(|line| *log.lock().unwrap() += &format!("{line}\n"));
        });
        Ok(Server { child, address, said })
    }

    /// All it has said on standard error so far.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Its process, for signals.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for it to end and gives its code.
    pub fn ended(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// Sends bytes as they are and reads until the server has nothing more to say.
    pub fn raw(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        // A server that has seen enough closes before all is written.
        let _ = stream.write_all(bytes);
        let mut out = Vec::new();
        let _ = stream.read_to_end(&mut out);
        out
    }

    /// A request with these headers beside `Host`, `Connection` and `Content-Length`; a `host` given replaces ours.
    pub fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            head += &format!("host: {}\r\n", self.address);
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() || method != "GET" {
            head += &format!("content-length: {}\r\n", body.len());
        }
        let raw = self.raw(&[head.as_bytes(), b"\r\n", body].concat());
        answer(&raw).unwrap_or_else(|| panic!("no answer to {method} {path}: {:?}", String::from_utf8_lossy(&raw)))
    }

    pub fn get(&self, path: &str) -> Answer {
        self.request("GET", path, &[], b"")
    }

    pub fn post(&self, path: &str, body: &serde_json::Value) -> Answer {
        self.request("POST", path, &[("content-type", "application/json")], body.to_string().as_bytes())
    }

    /// As [`Server::post`]; nothing where the server has gone.
    pub fn try_post(&self, path: &str, body: &serde_json::Value) -> Option<Answer> {
        let body = body.to_string();
        let head = format!(
            "POST {path} HTTP/1.1\r\nconnection: close\r\nhost: {}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).ok()?;
        stream.write_all(head.as_bytes()).ok()?;
        let mut out = Vec::new();
        stream.read_to_end(&mut out).ok()?;
        answer(&out)
    }

    /// A form, as a browser without scripts sends it.
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", quoted(name), quoted(value))).collect();
        let kind = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        self.request("POST", path, &kind, body.join("&").as_bytes())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer read to its end.
pub fn answer(raw: &[u8]) -> Option<Answer> {
    let end = raw.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&raw[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let mut body = raw[end + 4..].to_vec();
    if headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked") {
        body = unchunked(&body)?;
    }
    Some(Answer { status, headers, body })
}

fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?, 16).ok()?;
        let from = end + 2;
        if size == 0 {
            return Some(out);
        }
        out.extend_from_slice(rest.get(from..from + size)?);
        rest = rest.get(from + size + 2..)?;
    }
}

/// Percent-encoded, every byte but letters and digits.
pub fn quoted(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect()
}

/// A folder with a memory of three units in three languages, as `import` makes it.
pub fn office() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let table = "en\taz\tru\n\
        The service opened 5 offices in Baku.\tXidmət Bakıda 5 ofis açdı.\tСлужба открыла 5 офисов в Баку.\n\
        The doors are open on Monday.\tQapılar bazar ertəsi açıqdır.\tДвери открыты в понедельник.\n\
        Our guests came from İstanbul.\tQonaqlarımız İstanbuldan gəlmişdi.\tНаши гости приехали из Стамбула.\n";
    std::fs::write(folder.path().join("units.tsv"), table).unwrap();
    let memory = folder.path().join("office.db");
    let mut run = Command::new(env!("CARGO_BIN_EXE_yaddash"));
    let run = run.current_dir(&folder).arg("-m").arg(&memory).args(["import", "units.tsv"]);
    assert!(run.env("USER", "anna").stderr(Stdio::null()).status().unwrap().success());
    (folder, memory)
}
