//! What came of a call: an answer, a refusal, a throttle, another error.
//!
//! Sources: error shapes and codes in the reference on live collection, section 4; Alibaba Cloud help, "Common error
//! codes" of OpenAPI Explorer.

use xiezhi_model::{Reason, Text};

use crate::calls;
use crate::json::{Entries, Raw};

/// What came of a call.
#[derive(Debug, Clone)]
pub enum Outcome<'a> {
    /// It was answered.
    Answer(Raw<'a>),
    /// The caller may not make it; the RAM action that the refusal names.
    Refused(Option<Text>),
    /// Throttled, timed out, or the service failed: asking again may answer.
    Throttled,
    /// Another error: its code, and the request id that came with it.
    Failed(Text, Option<Text>),
}

impl<'a> Outcome<'a> {
    /// What a document that stands where an answer should stand says.
    pub fn of(raw: Raw<'a>, entries: &Entries<'a>) -> Self {
        match error_code(entries) {
            None => Outcome::Answer(raw),
            Some(code) => Self::of_code(&code, auth_action(entries), request_id(entries)),
        }
    }

    /// What an error code says.
    pub fn of_code(code: &str, action: Option<Text>, request_id: Option<Text>) -> Self {
        if is_throttle(code) {
            Outcome::Throttled
        } else if is_refusal(code) {
            Outcome::Refused(action)
        } else {
            Outcome::Failed(code.into(), request_id)
        }
    }

    /// Why nothing is known from this call; `None` when it was answered.
    pub fn reason(&self, product: &str, action: &str) -> Option<Reason> {
        let call = format!("{product}:{action}");
        match self {
            Outcome::Answer(_) => None,
            Outcome::Refused(named) => {
                let table = calls::find(product, action).map(|call| call.ram_action.as_str());
                Some(Reason::refused(call, named.as_deref().or(table).filter(|action| !action.is_empty())))
            }
            Outcome::Throttled => Some(Reason::Throttled(call.into())),
            Outcome::Failed(code, _) => {
                Some(Reason::unreadable(format!("{call} answered `{}`", crate::secret::mask(code))))
            }
        }
    }
}

/// The request id that an answer carries.
pub(crate) fn request_id(entries: &Entries<'_>) -> Option<Text> {
    let id = ["RequestId", "requestId", "request_id", "Request_id"].iter().find_map(|key| entries.plain(key))?;
    Some(Text::from(id.as_ref()))
}

/// The error code of an answer that is an error.
fn error_code(entries: &Entries<'_>) -> Option<Text> {
    if let Some(inner) = entries.get("Error").filter(|raw| raw.first() == Some(b'{')) {
        return error_code(&inner.entries());
    }
    let code = ["Code", "code", "ErrorCode", "errorCode"].iter().find_map(|key| entries.plain(key))?;
    let says = ["Message", "message", "errorMessage", "ErrorMessage", "HostId"];
    let told = says.iter().any(|key| entries.get(key).is_some());
    let fine = matches!(code.to_ascii_lowercase().as_str(), "200" | "ok" | "success" | "0" | "");
    let succeeded = ["Success", "success"].iter().any(|key| entries.plain(key).as_deref() == Some("true"));
    (told && !fine && !succeeded).then(|| Text::from(code.as_ref()))
}

/// The RAM action that a refusal names.
fn auth_action(entries: &Entries<'_>) -> Option<Text> {
    let detail = entries.get("AccessDeniedDetail")?.entries();
    detail.plain("AuthAction").map(|action| Text::from(action.as_ref()))
}

/// Codes after which the same call may be answered later.
fn is_throttle(code: &str) -> bool {
    const WORDS: [&str; 7] = [
        "Throttl",
        "QpsLimitExceeded",
        "ServiceUnavailable",
        "InternalError",
        "RequestTimeout",
        "Timeout",
        "SystemBusy",
    ];
    WORDS.iter().any(|word| code.contains(word))
}

/// Codes by which the caller may not make the call.
fn is_refusal(code: &str) -> bool {
    const WORDS: [&str; 8] = [
        "Forbidden",
        "NoPermission",
        "Unauthorized",
        "AccessDenied",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "InvalidSecurityToken",
        "IncompleteSignature",
    ];
    WORDS.iter().any(|word| code.contains(word))
}

/// The error that the `aliyun` program prints as text (`ERROR: SDK.ServerError`, `ErrorCode: …`), when a file holds
/// that instead of an answer.
pub fn printed_error(text: &str) -> Option<Outcome<'static>> {
    let head = text.trim_start();
    if !(head.starts_with("ERROR:") || head.starts_with("Error:")) || head.len() > 20_000 {
        return None;
    }
    let after =
        |word: &str| head.lines().find_map(|line| line.trim().strip_prefix(word)).map(|rest| Text::from(rest.trim()));
    let code = after("ErrorCode:").or_else(|| after("Code:")).unwrap_or_default();
    let action = head.split("\"AuthAction\":").nth(1).and_then(|rest| rest.split('"').nth(1)).map(Text::from);
    Some(Outcome::of_code(&code, action, None))
}
