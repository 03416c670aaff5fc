//! Tells open pages whether somebody has changed the memory since, in this browser or elsewhere.

use super::{Web, error::WebError, visit::Visit};
use axum::{Json, Router, routing::get};
use serde_json::{Value, json};

/// The newest batch; pages ask for it now and then and show what has changed.
async fn changes(visit: Visit) -> Result<Json<Value>, WebError> {
    let (batch, _) = visit.office.read(|_, reader| Ok(reader.state()?)).await?;
    Ok(Json(json!({"batch": batch})))
}

pub fn routes() -> Router<Web> {
    Router::new().route("/changes", get(changes))
}
