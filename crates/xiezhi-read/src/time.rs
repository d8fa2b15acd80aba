//! Times as answers write them, as times in RFC 3339.

use xiezhi_model::{Fact, Reason, Text};

use crate::fields::Fields;

/// Milliseconds since 1970-01-01T00:00:00Z; 0 or missing is absent.
pub(crate) fn millis(f: &Fields<'_>, path: &str) -> Fact<Text> {
    let fact = f.opt_int(path);
    if fact.value() == Some(&0) {
        return Fact::absent(fact.origin);
    }
    fact.try_map(|ms| match jiff::Timestamp::from_millisecond(ms) {
        Ok(time) => Ok(Text::from(time.to_string())),
        Err(_) => Err(Reason::not_understood(format!("`{ms}` as milliseconds since 1970"))),
    })
}

/// A time without a zone (`2026-01-31 10:00:00`): its day alone, since nobody says in which zone. Missing is absent.
pub(crate) fn day(f: &Fields<'_>, path: &str) -> Fact<Text> {
    f.opt_text(path).try_map(|text| {
        let day: Text = text.chars().take_while(|c| !matches!(c, ' ' | 'T')).collect();
        match day.parse::<jiff::civil::Date>() {
            Ok(_) => Ok(day),
            Err(_) => Err(Reason::not_understood(format!("`{text}` as a day"))),
        }
    })
}
