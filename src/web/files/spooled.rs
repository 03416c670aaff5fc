//! A file on its way to the browser, a piece at a time.

use axum::{
    body::{Body, Bytes, HttpBody},
    http::header,
    response::{IntoResponse, Response},
};
use hyper::body::{Frame, SizeHint};
use std::{
    fs::File,
    io::{self, Read, Seek},
    pin::Pin,
    task::{Context, Poll},
};
use tokio::sync::mpsc::{Receiver, channel};

/// Bytes read at once, and how many such pieces wait for the browser.
const PIECE: usize = 64 * 1024;
const WAITING: usize = 4;

/// A file with its length; read on a thread that may wait, no faster than it is taken.
pub(super) struct Spooled {
    file: File,
    length: u64,
}

impl Spooled {
    /// From its begin.
    pub fn new(mut file: File) -> io::Result<Spooled> {
        let length = file.metadata()?.len();
        file.rewind()?;
        Ok(Spooled { file, length })
    }

    pub fn download(self, name: &str, kind: &'static str) -> Response {
        let length = self.length;
        let (send, pieces) = channel(WAITING);
        let mut from = self.file.take(length);
        tokio::task::spawn_blocking(move || {
            loop {
                let mut piece = vec![0; PIECE];
                let read = from.read(&mut piece).map(|size| {
                    piece.truncate(size);
                    Bytes::from(piece)
                });
                if read.as_ref().is_ok_and(Bytes::is_empty) {
                    break;
                }
                let failed = read.is_err();
                // Whoever no longer wants it has gone.
                if send.blocking_send(read).is_err() || failed {
                    break;
                }
            }
        });
        // Names are made here or are those of backups; whatever else one may hold is left out.
        let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect();
        let about = [
            (header::CONTENT_TYPE, kind.to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        ];
        (about, Body::new(Pieces { pieces, left: length })).into_response()
    }
}

struct Pieces {
    pieces: Receiver<io::Result<Bytes>>,
    left: u64,
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.pieces.poll_recv(context).map(|piece| {
            piece.map(|piece| {
                piece.map(|piece| {
                    self.left = self.left.saturating_sub(piece.len() as u64);
                    Frame::data(piece)
                })
            })
        })
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
