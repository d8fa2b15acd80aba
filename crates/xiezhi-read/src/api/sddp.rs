//! Data Security Center (`sddp`) answers.

use xiezhi_model::service::sddp::{Asset, Center};
use xiezhi_model::{Fact, Link, Reason, State, Text};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;

/// The calls of Data Security Center.
pub const CALLS: &[Call] = &[
    Call::answer("sddp", "DescribeUserStatus", status),
    Call::listing("sddp", "DescribeInstances", "Items", Asset::SCHEMA, asset),
];

fn status(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let f = &f.sub("UserStatus").unwrap_or(*f);
    sink.one(f, |center: &mut Center| {
        center.bought = f.bool("Buyed");
        center.authorised = f.bool("Authed");
    });
}

/// A time in milliseconds since 1970 as RFC 3339 in UTC; 0 and missing mean never. Source: SDDP DescribeInstances
/// `LastFinishTime`.
fn time(f: &Fields<'_>, path: &str) -> Fact<Text> {
    let millis = f.opt_int(path);
    if millis.value() == Some(&0) {
        return f.absent();
    }
    millis.try_map(|millis| date(millis.div_euclid(1000)).ok_or_else(|| Reason::not_understood("a time")))
}

/// The date of a time in seconds since 1970 (proleptic Gregorian calendar; days are counted from 0000-03-01).
fn date(seconds: i64) -> Option<Text> {
    let days = seconds.div_euclid(86_400).checked_add(719_468)?;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = day_of_era
        .checked_sub(day_of_era / 1_460)?
        .checked_add(day_of_era / 36_524)?
        .checked_sub(day_of_era / 146_096)?
        / 365;
    let before = year_of_era.checked_mul(365)?.checked_add(year_of_era / 4)?.checked_sub(year_of_era / 100)?;
    let day_of_year = day_of_era.checked_sub(before)?;
    let month = day_of_year.checked_mul(5)?.checked_add(2)? / 153;
    let day = day_of_year.checked_sub(month.checked_mul(153)?.checked_add(2)? / 5)?.checked_add(1)?;
    let month = if month < 10 { month.checked_add(3)? } else { month.checked_sub(9)? };
    let year = era.checked_mul(400)?.checked_add(year_of_era)?.checked_add(i64::from(month <= 2))?;
    Some(Text::from(format!("{year:04}-{month:02}-{day:02}")))
}

fn asset(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let product = f.word("ProductCode");
    sink.put(f, f.text("Id"), |asset: &mut Asset| {
        asset.head.name = f.text("Name");
        asset.labelled = f.bool("Labelsec");
        asset.level = f.opt_text("RiskLevelName");
        asset.last_scan = time(f, "LastFinishTime");
        asset.bucket = match &product.state {
            State::Known(word) if word == "oss" => f.text("Name").map(Link::id),
            State::Known(_) => f.absent(),
            _ => f.unknown(Reason::NotInEvidence),
        };
        asset.product = product;
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
