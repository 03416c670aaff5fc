//! What goes wrong, told to those who asked: as a page to people, as JSON to programs, never with the inside.

use crate::{
    app::{
        documents::LoadError, exchange::ExchangeError, termbase::TermbaseError, terms::TermsError, upkeep::UpkeepError,
    },
    memory::MemoryError,
};
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;
use std::fmt::Display;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebError {
    /// There is no such page, unit, concept.
    NotFound,
    /// The memory was taken away while the server ran.
    Gone,
    /// What was asked for cannot be done, in words for the user.
    Bad(String),
    /// It is written well and means nothing here, in words for the user.
    Unread(String),
    /// Somebody else was faster, in words for the user.
    Conflict(String),
    /// No token, or one that is not known.
    Unknown,
    /// Known, but not allowed.
    Forbidden,
    /// A host or an origin that is not ours.
    Foreign(&'static str),
    TooLarge,
    Unsupported(String),
    /// Too much at once, or too slow.
    Busy,
    /// The page is there, but nothing is done there in this way.
    Method,
    /// Too many wrong tokens from there.
    Guessing,
    /// Programs may not add anything here.
    ReadOnly,
    /// Something of ours; told to the log only.
    Inside(String),
}

impl WebError {
    pub fn inside(error: &dyn Display) -> WebError {
        WebError::Inside(error.to_string())
    }

    pub fn bad(error: impl Display) -> WebError {
        WebError::Bad(error.to_string())
    }

    pub fn status(&self) -> StatusCode {
        match self {
            WebError::NotFound => StatusCode::NOT_FOUND,
            WebError::Gone | WebError::Busy => StatusCode::SERVICE_UNAVAILABLE,
            WebError::Bad(_) => StatusCode::BAD_REQUEST,
            WebError::Unread(_) => StatusCode::UNPROCESSABLE_ENTITY,
            WebError::Conflict(_) => StatusCode::CONFLICT,
            WebError::Unknown => StatusCode::UNAUTHORIZED,
            WebError::Forbidden => StatusCode::FORBIDDEN,
            WebError::Foreign(_) => StatusCode::MISDIRECTED_REQUEST,
            WebError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            WebError::Unsupported(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            WebError::Method => StatusCode::METHOD_NOT_ALLOWED,
            WebError::Guessing => StatusCode::TOO_MANY_REQUESTS,
            WebError::ReadOnly => StatusCode::FORBIDDEN,
            WebError::Inside(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The word of the interface that says it, where the error does not say it itself.
    pub fn key(&self) -> &'static str {
        match self {
            WebError::NotFound => "error.not-found",
            WebError::Gone => "error.gone",
            WebError::Bad(_) | WebError::Unread(_) => "error.bad",
            WebError::Conflict(_) => "error.conflict",
            WebError::Unknown => "error.unknown",
            WebError::Forbidden => "error.forbidden",
            WebError::Foreign(_) => "error.foreign",
            WebError::TooLarge => "error.too-large",
            WebError::Unsupported(_) => "error.unsupported",
            WebError::Busy => "error.busy",
            WebError::Method => "error.method",
            WebError::Guessing => "error.guessing",
            WebError::ReadOnly => "error.read-only",
            WebError::Inside(_) => "error.inside",
        }
    }

    /// What it says itself; the inside is for the log.
    pub fn detail(&self) -> Option<&str> {
        match self {
            WebError::Bad(text) | WebError::Unread(text) | WebError::Conflict(text) | WebError::Unsupported(text) => {
                Some(text)
            }
            WebError::Foreign(text) => Some(text),
            _ => None,
        }
    }
}

/// A response first says it as JSON; [`super::guard`] makes a page of it for a browser that asked for one.
impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let english = super::words::Words::of("en").get(self.key());
        let message = self.detail().map_or_else(|| english.to_owned(), str::to_owned);
        let body = json!({"error": {"status": self.status().as_u16(), "message": message}});
        let mut response = (self.status(), Json(body)).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<MemoryError> for WebError {
    fn from(error: MemoryError) -> WebError {
        match error {
            MemoryError::NoUnit(_) | MemoryError::NoBatch(_) => WebError::NotFound,
            MemoryError::Missing(_) => WebError::Gone,
            error => WebError::inside(&error),
        }
    }
}

/// Errors that are about what the user gave.
macro_rules! about_input {
    ($($error:ty),* $(,)?) => {
        $(impl From<$error> for WebError {
            fn from(error: $error) -> WebError {
                WebError::Bad(error.to_string())
            }
        })*
    };
}

about_input!(LoadError, TermsError);

// Of what the user gave, but for what the memory and the disk have to say.

impl From<UpkeepError> for WebError {
    fn from(error: UpkeepError) -> WebError {
        match error {
            // Units are named by the user here.
            error @ UpkeepError::Memory(MemoryError::NoUnit(_)) => WebError::bad(error),
            UpkeepError::Memory(error) => error.into(),
            error => WebError::bad(error),
        }
    }
}

impl From<TermbaseError> for WebError {
    fn from(error: TermbaseError) -> WebError {
        match error {
            TermbaseError::Memory(MemoryError::NoBatch(_)) => WebError::NotFound,
            TermbaseError::Memory(error) => error.into(),
            TermbaseError::Conflict { .. } | TermbaseError::ChangedSince { .. } | TermbaseError::Undone { .. } => {
                WebError::Conflict(error.to_string())
            }
            error @ TermbaseError::Save { .. } => WebError::inside(&error),
            error => WebError::bad(error),
        }
    }
}

impl From<ExchangeError> for WebError {
    fn from(error: ExchangeError) -> WebError {
        match error {
            ExchangeError::Memory(error) => error.into(),
            error @ (ExchangeError::File { .. } | ExchangeError::Output(_)) => WebError::inside(&error),
            error => WebError::bad(error),
        }
    }
}
