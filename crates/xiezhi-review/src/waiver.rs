//! Defects that somebody accepted: with a reason, an owner and an end. Given by the user, never found in evidence.

use serde::Deserialize;

use crate::ReviewError;
use crate::assessment::Waiver;
use crate::verdicts::Subject;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    waiver: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    check: String,
    resource: String,
    reason: String,
    owner: String,
    expires: String,
}

/// The waivers of a review, and which of them were used.
#[derive(Debug, Default)]
pub struct Waivers {
    entries: Vec<(Waiver, State)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Unused,
    Used,
    Expired,
}

impl Waivers {
    /// Reads a waiver file. `as_of` is the time of the review in seconds since 1970; a waiver ends with the day that
    /// it names. Without a time, no waiver can be known to hold, and none is used.
    ///
    /// # Errors
    /// When the file is not TOML of that form, a key is unknown or an end date is no date.
    pub fn parse(text: &str, as_of: Option<i64>) -> Result<Self, ReviewError> {
        let file: File = toml::from_str(text).map_err(|error| ReviewError::Waivers(error.to_string()))?;
        let mut entries = Vec::with_capacity(file.waiver.len());
        for entry in file.waiver {
            let end = xiezhi_rule::unix_seconds(&format!("{}T23:59:59Z", entry.expires)).ok_or_else(|| {
                ReviewError::Waivers(format!("`{}` is no date: write `expires = \"YYYY-MM-DD\"`", entry.expires))
            })?;
            if entry.reason.trim().is_empty() || entry.owner.trim().is_empty() {
                let message = format!("the waiver of `{}` needs a reason and an owner", entry.check);
                return Err(ReviewError::Waivers(message));
            }
            let state = if as_of.is_some_and(|now| now <= end) { State::Unused } else { State::Expired };
            let Entry { check, resource, reason, owner, expires } = entry;
            entries.push((Waiver { check, resource, reason, owner, expires }, state));
        }
        Ok(Self { entries })
    }

    /// The waiver that accepts a proven defect, if one does. A resource is named by id, address or name.
    pub(crate) fn accept(&mut self, check: &str, subject: &Subject) -> Option<Waiver> {
        let names = [&subject.id, &subject.address, &subject.name];
        self.entries.iter_mut().find_map(|(waiver, state)| {
            let same = waiver.check == check && names.iter().any(|name| !name.is_empty() && **name == waiver.resource);
            if !same || *state == State::Expired {
                return None;
            }
            *state = State::Used;
            Some(waiver.clone())
        })
    }

    /// The waivers that matched nothing or have expired.
    pub(crate) fn stale(self) -> Vec<Waiver> {
        self.entries.into_iter().filter(|(_, state)| *state != State::Used).map(|(waiver, _)| waiver).collect()
    }
}
