//! Machine translation as CAT tools ask for it, answered from the memory: Apertium (OmegaT), LibreTranslate (Weblate),
//! OPUS-CAT (its plugins for Trados Studio, memoQ, OmegaT; Wordfast). They have room for one answer: it is the best
//! match, where there is one as good as `serve --min` says, else an empty text.

use super::{
    Web,
    error::WebError,
    matches::{best, known},
    visit::Visit,
};
use axum::{
    Form, Json, Router,
    extract::{FromRequest, Query, Request},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// Apertium: `langpair` is `en|az`.
#[derive(Deserialize)]
struct Apertium {
    q: String,
    langpair: String,
}

/// OmegaT throws where `responseStatus` is missing, and shows `null` for a text that is null.
async fn apertium(visit: Visit, Query(asked): Query<Apertium>) -> Result<Response, WebError> {
    let Some((from, to)) = asked.langpair.split_once('|') else {
        let details = "langpair is two languages with `|` between them, like `en|az`";
        let answer = json!({"responseStatus": 400, "responseData": {"translatedText": ""}, "responseDetails": details});
        return Ok((StatusCode::BAD_REQUEST, Json(answer)).into_response());
    };
    let text = best(&visit, from, to, asked.q).await?;
    let answer = json!({"responseStatus": 200, "responseData": {"translatedText": text}, "responseDetails": null});
    Ok(Json(answer).into_response())
}

#[derive(Deserialize)]
struct Libre {
    q: String,
    source: String,
    target: String,
}

async fn libre(visit: Visit, request: Request) -> Result<Json<Value>, WebError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_json = kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    let refused = |status: StatusCode, text: String| match status {
        StatusCode::PAYLOAD_TOO_LARGE => WebError::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => WebError::Unsupported(text),
        _ => WebError::Bad(text),
    };
    let asked: Libre = match is_json {
        true => Json::from_request(request, &()).await.map_err(|error| refused(error.status(), error.body_text()))?.0,
        false => Form::from_request(request, &()).await.map_err(|error| refused(error.status(), error.body_text()))?.0,
    };
    let text = best(&visit, &asked.source, &asked.target, asked.q).await?;
    Ok(Json(json!({"translatedText": text})))
}

async fn languages(visit: Visit) -> Result<Json<Vec<Value>>, WebError> {
    let known = visit.office.read(|_, reader| known(reader)).await?;
    let others = |own| known.iter().filter(|language| *language != own).collect::<Vec<_>>();
    let shown = known.iter().map(|own| json!({"code": own, "name": own.name(), "targets": others(own)}));
    Ok(Json(shown.collect()))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OpusCat {
    input: String,
    src_lang_code: String,
    trg_lang_code: String,
}

async fn opus_cat(visit: Visit, Query(asked): Query<OpusCat>) -> Result<Json<Value>, WebError> {
    let text = best(&visit, &asked.src_lang_code, &asked.trg_lang_code, asked.input).await?;
    Ok(Json(json!({"translation": text})))
}

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/translate", get(apertium).post(libre))
        .route("/languages", get(languages))
        .route("/MTRestService/TranslateJson", get(opus_cat))
}
