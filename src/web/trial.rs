//! The server without a socket: a request in, the answer out. For what is tried with many thousands of requests.

use super::{
    guard,
    office::{Access, Office, Setup},
    pages,
    server::Ends,
};
use crate::memory::MemoryError;
use axum::{Extension, Router, body::Body, extract::Request};
use std::{path::Path, sync::Arc};
use tower::ServiceExt;

/// A server over a memory, as the loopback has it at 127.0.0.1:8080.
pub struct Trial {
    runtime: tokio::runtime::Runtime,
    app: Router,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Told {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Trial {
    /// Makes the memory where there is none. All that is written is dated the first second of 1970.
    pub fn new(memory: &Path, access: Access) -> Result<Trial, MemoryError> {
        let office = Office::open(Setup { access, writable: true, ..Setup::plain(memory) })?;
        let office = Arc::new(office);
        let ends = Ends { ours: ([127, 0, 0, 1], 8080).into(), theirs: ([127, 0, 0, 1], 50_000).into() };
        let app = guard::guarded(pages(), &office).layer(Extension(ends)).with_state(office);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| MemoryError::Io { path: memory.to_owned(), what: error.to_string() })?;
        Ok(Trial { runtime, app })
    }

    /// Answers a request; `None` for what no connection would have let through as one.
    pub fn answer(&self, method: &str, target: &str, headers: &[(&str, &[u8])], body: &[u8]) -> Option<Told> {
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_vec())).ok()?;
        self.runtime.block_on(async {
            let response = self.app.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
            let (parts, body) = response.into_parts();
            let body = axum::body::to_bytes(body, usize::MAX).await.ok()?.to_vec();
            let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
            let headers = parts.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
            Some(Told { status: parts.status.as_u16(), headers, body })
        })
    }
}
