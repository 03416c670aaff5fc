//! The source document of a job: in it up to a size, else named; always with its SHA-256.

use super::base64;
use sha2::{Digest, Sha256};

/// Bytes of a document that goes into a job; a larger one is named.
pub const EMBEDDED: usize = 8 << 20;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Skeleton {
    /// In hexadecimal digits; empty where the file does not tell.
    pub sha256: String,
    pub bytes: Option<Vec<u8>>,
}

impl Skeleton {
    pub fn of(bytes: &[u8]) -> Skeleton {
        Skeleton { sha256: digest(bytes), bytes: (bytes.len() <= EMBEDDED).then(|| bytes.to_vec()) }
    }

    /// Whether `bytes` are the document the job was made of; yes where the job does not tell.
    pub fn is(&self, bytes: &[u8]) -> bool {
        self.sha256.is_empty() || self.sha256 == digest(bytes)
    }

    pub(super) fn encoded(&self) -> Option<String> {
        self.bytes.as_deref().map(base64::encoded)
    }

    /// From what stands in a file. Bytes that are not those the digest is of do not count.
    pub(super) fn read(sha256: &str, code: Option<&str>) -> Skeleton {
        let mut out = Skeleton { sha256: sha256.to_owned(), bytes: code.and_then(base64::decoded) };
        if out.bytes.as_ref().is_some_and(|bytes| !out.is(bytes)) {
            out.bytes = None;
        }
        out
    }
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
