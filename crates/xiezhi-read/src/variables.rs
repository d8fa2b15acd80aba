//! Environment variables and scripts: whether they hold a credential. Names and answers are kept, values never.

use xiezhi_model::{Fact, List, Reason, State, Text};

use crate::secret::{Credential, contains_credential, find};

/// Words that name a secret: the default list of the checks on environment variables.
const SECRET_WORDS: &[&str] =
    &["password", "passwd", "secret", "token", "accesskey", "access_key", "credential", "private_key", "apikey"];

/// Whether a name is one of those that secrets go by.
pub fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    SECRET_WORDS.iter().any(|word| name.contains(word)) || name == "key" || name.ends_with("_key")
}

/// Whether a text (plain or encoded) holds an AccessKey id or secret.
pub fn holds_access_key(text: &str) -> bool {
    find(text).iter().any(|hit| matches!(hit.kind, Credential::AccessKeyId | Credential::AccessKeySecret))
}

/// What a script says when asked; the script itself is dropped. Absent or empty text holds nothing.
pub fn ask_script(fact: Fact<Text>, question: fn(&str) -> bool) -> Fact<bool> {
    let origin = fact.origin.clone();
    match fact.state {
        State::Known(text) => Fact::known(question(&text), origin),
        State::Absent => Fact::known(false, origin),
        State::Unknown(reason) => Fact::unknown(reason, origin),
    }
}

/// Names of the variables that hold a literal secret, from pairs of name and value.
///
/// A value that cannot be seen leaves the list open, but for a masked value behind the name of a secret.
pub fn secret_variables<'n>(pairs: impl Iterator<Item = (&'n str, Fact<Text>)>) -> List<Text> {
    let mut names = List::complete(vec![]);
    for (name, value) in pairs {
        match value.state {
            State::Known(value) if value.is_empty() => {}
            State::Known(value) => {
                if is_secret_name(name) || contains_credential(&value) {
                    names.items.push(name.into());
                }
            }
            State::Absent => {}
            State::Unknown(Reason::Redacted) if is_secret_name(name) => names.items.push(name.into()),
            State::Unknown(reason) => names.more = Some(reason),
        }
    }
    names
}
